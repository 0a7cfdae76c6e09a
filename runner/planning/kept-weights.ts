import type { StoredResult } from '../domain/stored.js';
import { readCellFolder } from '../store/cell-folder.js';
import type { CellPaths } from '../store/run-paths.js';

/**
 * What is to be said of a cell's best weights where they aren't of the epoch that is the best by the objective that it is asked for
 * by: a run keeps those that are best by the objective that it was trained for. Null where they are, and where nothing tells.
 */
export function otherBest({ cellId, bestEpoch, spec }: StoredResult, paths: CellPaths): string | null {
  const folder = read(paths);
  const kept = folder?.checkpoint?.best?.epoch;
  if (folder === null || kept === undefined || bestEpoch === null || kept === bestEpoch) return null;
  const by = folder.spec.objective.metric;
  const whose = by === spec.objective.metric ? '' : `, the best by ${by}, for which it was trained`;
  return `cell ${cellId.slice(0, 8)}: its best weights are those of epoch ${kept}${whose}; by ${spec.objective.metric} epoch ${bestEpoch} is the best, whose weights were not kept`;
}

function read(paths: CellPaths): ReturnType<typeof readCellFolder> | null {
  try {
    return readCellFolder(paths);
  } catch {
    return null;
  }
}
