import { expect, it } from 'vitest';
import { EpochRecorder } from '../../scheduler/epoch-recorder.js';
import { openStore } from '../../store/open-store.js';
import { cells, grid, resultsFolder } from '../store/fixtures.js';

/** The epochs that are in the store after a run has reported these: [epoch, metrics]. */
async function stored(...reports: [number, Record<string, number>][]) {
  const store = await openStore(resultsFolder());
  store.registerGrid(grid, cells(1));
  const { cellId } = cells(1)[0]!;
  const recorder = new EpochRecorder(store, store.startRun(cellId, 'slot'));
  for (const [epoch, metrics] of reports) recorder.record({ epoch, step: epoch, metrics });
  const found = store.metricsOf(cellId).map(({ epoch, metrics }) => [epoch, metrics]);
  store.close();
  return found;
}

it('puts together an epoch that comes in parts', async () => {
  expect(await stored([1, { trainLoss: 2 }], [1, { validationAccuracy: 0.5, trainLoss: 1 }])).toEqual([
    [1, { trainLoss: 1, validationAccuracy: 0.5 }],
  ]);
});

it('leaves the epochs after a late one in place', async () => {
  expect(await stored([1, { a: 1 }], [3, { a: 3 }], [2, { a: 2 }])).toEqual([
    [1, { a: 1 }],
    [2, { a: 2 }],
    [3, { a: 3 }],
  ]);
});

it('drops what a program reported before it began anew', async () => {
  expect(await stored([1, { a: 1 }], [2, { a: 2 }], [1, { b: 3 }])).toEqual([[1, { b: 3 }]]);
});
