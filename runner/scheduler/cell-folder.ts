import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunSpec } from '../../trainer/contract/run-spec.js';
import { setAsideFolder } from '../../trainer/contract/set-aside.js';
import { atomicWrite } from '../../trainer/files/atomic-write.js';
import type { CellPaths } from '../store/run-paths.js';

/** Makes a cell's folder with its RunSpec, which outlives the store. */
export function makeCellFolder(folder: CellPaths, spec: RunSpec): void {
  mkdirSync(folder.root, { recursive: true });
  const text = `${JSON.stringify(spec, null, 2)}\n`;
  // Most cells are run once or go on unchanged; where the data lies may have changed.
  if (!existsSync(folder.runSpec) || readFileSync(folder.runSpec, 'utf8') !== text)
    atomicWrite(folder.runSpec, text);
}

/** Puts what a cell was trained to where no run goes on from it, so that it begins anew. Returns that folder; undefined: there is nothing. */
export function setCheckpointsAside({ root, checkpoints }: CellPaths): string | undefined {
  if (!existsSync(checkpoints)) return undefined;
  const target = join(root, setAsideFolder(new Date()));
  mkdirSync(dirname(target), { recursive: true });
  renameSync(checkpoints, target);
  return target;
}
