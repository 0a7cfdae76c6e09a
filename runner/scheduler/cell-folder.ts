import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import type { Cell } from '../domain/cell.js';
import { atomicWrite } from '../store/atomic-write.js';
import type { CellPaths } from '../store/run-paths.js';

/** Makes a cell's folder with its RunSpec, which outlives the store. */
export function makeCellFolder(folder: CellPaths, { spec }: Cell): void {
  mkdirSync(folder.root, { recursive: true });
  const text = `${JSON.stringify(spec, null, 2)}\n`;
  // Most cells are run once or go on unchanged; where the data lies may have changed.
  if (!existsSync(folder.runSpec) || readFileSync(folder.runSpec, 'utf8') !== text)
    atomicWrite(folder.runSpec, text);
}

/** Forgets what a cell was trained to, so that it begins anew. */
export function dropCheckpoints(folder: CellPaths): void {
  rmSync(folder.checkpoints, { recursive: true, force: true });
}
