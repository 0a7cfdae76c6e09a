import type { RunSpec } from '../../trainer/contract/run-spec.js';
import type { Cell } from '../domain/cell.js';
import { UsageError } from '../domain/error.js';
import { expandGrid } from '../grid/expand.js';
import { loadGrid } from '../grid/load.js';
import type { ResultsPaths } from '../store/run-paths.js';
import type { StoreReader } from '../store/run-store.js';
import { type AskedPlace, specAt, storedSpec } from './asked-place.js';
import { gridSources } from './grid-sources.js';

/** A cell of the shared trainer, as it is read where a question about it is asked. */
export type AskedCell = Pick<Cell, 'cellId' | 'labels'> & { spec: RunSpec };

/** The cells of a grid file, in its order, with data there; these are looked at no further than whether their files are there. */
export async function cellsAt(file: string, place: AskedPlace, paths: ResultsPaths): Promise<AskedCell[]> {
  const sources = gridSources(paths, place.dataRoot);
  const grid = await loadGrid(file, { ...sources, slotRoots: new Set([place.slotRoot]) });
  return expandGrid(grid).map(({ cellId, labels, spec }) => ({ cellId, labels, spec: specAt(spec, place) }));
}

/** A cell of the results, named by the beginning of its id. @throws StoreError if there is none, or several */
export function storedCellAt(prefix: string, store: StoreReader, place: AskedPlace): AskedCell {
  const { cellId, labels, spec } = store.findCell(prefix);
  return { cellId, labels, spec: storedSpec(spec, place) };
}

/**
 * The cell that `wanted` means: the beginning of its id, or labels of it separated by commas; without it the first one.
 *
 * @throws UsageError if there is none, or several
 */
export function chooseCell(cells: readonly AskedCell[], wanted: string | undefined): AskedCell {
  if (wanted === undefined) return cells[0]!;
  const labels = wanted.split(',').map(label => label.trim());
  const matching = cells.filter(
    cell =>
      cell.cellId.startsWith(wanted) || labels.every(label => Object.values(cell.labels).includes(label)),
  );
  if (matching.length === 1) return matching[0]!;
  const names = (matching.length > 0 ? matching : cells)
    .slice(0, 5)
    .map(({ cellId, labels }) => `${cellId.slice(0, 8)} (${Object.values(labels).join(', ')})`);
  throw new UsageError(
    `--cell ${wanted}: ${matching.length === 0 ? 'no cell is called so' : `${matching.length} cells are called so`}; there are ${names.join(', ')}, …`,
  );
}
