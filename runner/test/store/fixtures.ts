import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { EpochRecord } from '../../../trainer/contract/events.js';
import { benchCells, benchGrid, started } from '../../bench/fixtures/bench-grid.js';
import type { CellRecord, GridRecord } from '../../domain/stored.js';
import type { RunHandle, StoreWriter } from '../../store/run-store.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new results folder on an awkward path, removed after the tests of the file. */
export function resultsFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "grid results ü'%23 "));
  folders.push(folder);
  return folder;
}

export const grid: GridRecord = { ...benchGrid, name: 'a/b ü', description: 'a grid', hash: 'h1' };

/** Cells 0 … n - 1; each 5 of them differ only in their seed. */
export const cells = (count: number): CellRecord[] => benchCells(count);

export const start = started;

/** `accuracies`: validation accuracy of each epoch; training is 0.1 ahead; null is NaN. */
export function epochsWith(accuracies: readonly (number | null)[]): EpochRecord[] {
  return accuracies.map((accuracy, i) => ({
    epoch: i + 1,
    step: (i + 1) * 10,
    metrics: {
      validationAccuracy: accuracy,
      trainAccuracy: accuracy === null ? null : accuracy + 0.1,
      seconds: 2,
    },
  }));
}

/** Runs a cell to its end. */
export function complete(
  store: StoreWriter,
  cellId: string,
  accuracies: readonly (number | null)[],
  options: Partial<typeof started> = {},
): RunHandle {
  const run = store.startRun(cellId, 'local/cpu0');
  store.recordStarted(run, { ...started, ...options });
  for (const record of epochsWith(accuracies)) store.recordEpoch(run, record);
  store.finishRun(run, { state: 'completed', weightsHash: 'abc' });
  return run;
}
