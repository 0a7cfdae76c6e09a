/** Where a run begins: nothing is written where it begins as it said, and nothing of before is kept where it doesn't. */
import { expect, test } from 'vitest';
import { openStore } from '../../store/open-store.js';
import { cells, complete, epochsWith, grid, resultsFolder, start } from './fixtures.js';

async function open() {
  const folder = resultsFolder();
  const store = await openStore(folder);
  const list = cells(1);
  store.registerGrid(grid, list);
  const { cellId } = list[0]!;
  return { folder, store, cellId };
}

test('a run that begins where it said changes nothing by that', async () => {
  const { store, cellId } = await open();
  const run = store.startRun(cellId, 'slot');
  store.recordStarted(run, start);
  const before = store.lastChange();
  expect(store.beginAfter(run, 0)).toBe(true);
  expect(store.lastChange()).toBe(before);
  store.recordEpoch(run, epochsWith([0.5])[0]!);
  expect(store.cellsById([cellId]).get(cellId)).toMatchObject({ epochs: 1, value: 0.5 });
  store.close();
});

test('one that begins earlier than it said drops what comes after, and what was stale', async () => {
  const { store, cellId } = await open();
  complete(store, cellId, [0.1, 0.2, 0.3]);
  store.markStale([cellId], new Map([[cellId, ['the data changed']]]));
  const run = store.startRun(cellId, 'slot');
  store.recordStarted(run, { ...start, resumedFromEpoch: 3, history: epochsWith([0.1, 0.2, 0.3]) });
  const result = () => store.cellsById([cellId]).get(cellId);
  expect(result()).toMatchObject({ epochs: 3, staleReasons: ['the data changed'] });
  store.beginAfter(run, 1);
  expect(result()).toMatchObject({ epochs: 1, value: 0.1, staleReasons: ['the data changed'] });
  store.beginAfter(run, 0);
  expect(result()).toMatchObject({ epochs: 0, value: null, staleReasons: [] });
  store.close();
});

test('a run that doesn’t tell that it started drops what an earlier one left, though that one never ended here', async () => {
  const { folder, store, cellId } = await open();
  const lost = store.startRun(cellId, 'slot');
  store.recordStarted(lost, start);
  for (const record of epochsWith([0.7, 0.8])) store.recordEpoch(lost, record);
  const run = store.startRun(cellId, 'slot');
  store.beginAfter(run, 0);
  store.recordEpoch(run, epochsWith([0.5])[0]!);
  expect(() => store.recordEpoch(lost, epochsWith([0.7, 0.8, 0.9])[2]!)).toThrow(/lost its lease/);
  store.finishRun(run, { state: 'completed' });
  const seen = { epochs: 1, value: 0.5, state: 'completed', provenance: null };
  expect(store.cellsById([cellId]).get(cellId)).toMatchObject(seen);
  store.close();
  const again = await openStore(folder, { readOnly: true });
  expect(again.metricsOf(cellId)).toEqual(epochsWith([0.5]));
  again.close();
});
