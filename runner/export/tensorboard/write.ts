/** A grid as a folder for TensorBoard: a run a cell, its metrics as scalars, its axes in the hparams tab. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredResult } from '../../domain/stored.js';
import type { ResultsPaths } from '../../store/run-paths.js';
import type { StoreReader } from '../../store/run-store.js';
import { beginning, type Description, describe, ending, epochsAfter, fileName } from './cell-events.js';
import { picturesOf } from './pictures.js';

/**
 * Writes the cells of a grid that have been run into `folder/GRID/CELL`. Files appear whole, and the same again in place of those of
 * an earlier export. Returns how many cells.
 *
 * @throws StoreError `unknownGrid`
 */
export function writeTensorboard(
  store: StoreReader,
  grid: string,
  folder: string,
  paths: ResultsPaths,
): number {
  const cells = store.storedCells(grid).filter(({ present, attempts }) => present && attempts > 0);
  const description = describe(store, grid, cells);
  const root = join(folder, encodeURIComponent(grid));
  writeWhole(root, description.root);
  for (const cell of cells)
    writeWhole(join(root, cell.cellId), [...eventsOf(store, cell, description, paths)]);
  return cells.length;
}

function* eventsOf(
  store: StoreReader,
  cell: StoredResult,
  description: Description,
  paths: ResultsPaths,
): Generator<Buffer> {
  const runs = store.runsOf(cell.cellId);
  const seconds = (runs[0]?.startedMs ?? 0) / 1000;
  yield* beginning(cell, description, seconds);
  for (const { record } of epochsAfter(store, cell.cellId, 0, seconds)) yield record;
  yield* ending(cell, description, runs.at(-1)?.endedMs ?? null, picturesOf(paths.cell(cell.cellId)));
}

/** A file of these records, in place of the one that is there. */
export function writeWhole(folder: string, records: readonly Buffer[]): void {
  mkdirSync(folder, { recursive: true });
  // TensorBoard looks for `tfevents` in names.
  const temporary = join(folder, `.writing-${process.pid}`);
  writeFileSync(temporary, Buffer.concat(records));
  renameSync(temporary, join(folder, fileName));
}
