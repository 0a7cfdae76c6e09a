import { appendFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openStore } from '../../store/open-store.js';
import { rebuildStore } from '../../store/rebuild-store.js';
import { ResultsPaths } from '../../store/run-paths.js';
import type { StoreReader } from '../../store/run-store.js';
import { cells, complete, epochsWith, grid, resultsFolder, start } from './fixtures.js';

/** All that views can read. */
function readings(store: StoreReader) {
  const grids = store.grids();
  const stored = grids.map(({ name }) => store.storedCells(name));
  const cellIds = [...new Set(stored.flat().map(({ cellId }) => cellId))];
  return JSON.parse(
    JSON.stringify({
      grids,
      stored,
      states: grids.map(({ name }) => store.countsByState(name)),
      standings: grids.map(({ name }) => store.standings(name)),
      latest: grids.map(({ name }) => [...store.latestNotes(name)]),
      warnings: grids.map(({ name }) => store.warningsOf(name)),
      columns: grids.map(({ name }) => store.columns(name)),
      rows: [...store.epochRows()],
      cells: cellIds.map(cellId => [store.runsOf(cellId), store.metricsOf(cellId), store.notesOf(cellId)]),
      files: [...store.gridFilesOf(cellIds)],
    }),
  );
}

const inputs = { folder: '../project', files: { 'train.py': '0123456789abcdef' } };

/** Results of all kinds: of the shared trainer and of others, failed, interrupted, gone on with, noted, stale, gone from the grid. */
async function filled() {
  const folder = resultsFolder();
  const store = await openStore(folder);
  const ids = cells(9).map(({ cellId }) => cellId);
  store.registerGrid({ ...grid, file: '/a/g.yaml' }, cells(9));
  complete(store, ids[0]!, [0.1, 0.30000000000000004, null]);
  const external = store.startRun(ids[1]!, 'local/cpu1');
  store.recordInputs(external, inputs);
  for (const epoch of epochsWith([0.5, 0.6])) store.recordEpoch(external, epoch);
  store.finishRun(external, { state: 'completed' });
  const failed = store.startRun(ids[2]!, 's');
  store.recordEpoch(failed, epochsWith([0.4])[0]!);
  for (const warning of ['a', 'b', 'a']) store.recordWarning(failed, warning);
  store.finishRun(failed, { state: 'failed', failure: { class: 'crash', message: 'two\nlines', step: 7 } });
  const first = store.startRun(ids[3]!, 's');
  store.recordStarted(first, { ...start, resumedFromEpoch: 0, history: [] });
  for (const epoch of epochsWith([0.1, 0.2, 0.3])) store.recordEpoch(first, epoch);
  store.finishRun(first, { state: 'interrupted' });
  const second = store.startRun(ids[3]!, 's');
  store.recordStarted(second, { ...start, resumedFromEpoch: 2, history: epochsWith([0.1, 0.25]) });
  store.recordEpoch(second, epochsWith([0, 0, 0.9])[2]!);
  store.finishRun(second, { state: 'completed', weightsHash: 'w' });
  store.requeue([ids[2]!]);
  store.addNote(ids[4]!, 'never run');
  store.addNote(ids[3]!, 'of a run', 2);
  store.addFileNote([ids[1]!], 'of the file');
  store.markStale(ids, new Map([[ids[0]!, ['the engine changed']]]));
  store.finishRun(store.startRun(ids[5]!, 'never trained'), { state: 'interrupted' });
  store.registerGrid({ ...grid, name: 'another' }, cells(9).slice(0, 3));
  store.registerGrid({ ...grid, file: '/a/g.yaml' }, cells(9).slice(1).reverse());
  return { folder, store, paths: new ResultsPaths(folder), ids };
}

test('a rebuilt store says what the old one said', async () => {
  const { folder, store } = await filled();
  const before = readings(store);
  expect(before.rows).toHaveLength(15);
  store.close();
  expect(await rebuildStore(folder)).toMatchObject({ cells: 6, epochs: 9, problems: [] });
  const rebuilt = await openStore(folder);
  const first = readings(rebuilt);
  expect(first).toEqual(before);
  rebuilt.close();
  rmSync(new ResultsPaths(folder).store);
  await rebuildStore(folder);
  const again = await openStore(folder, { readOnly: true });
  expect(readings(again)).toEqual(before);
  again.close();
});

test('goes on where a killed process left a record, and reads what can be read of it', async () => {
  const { folder, store, paths, ids } = await filled();
  const [, external] = ids;
  const { record } = paths.cell(external!);
  appendFileSync(record, '{"epoch":{"epoch":3,"st');
  store.addNote(external!, 'after the cut');
  const before = readings(store);
  store.close();
  await rebuildStore(folder);
  const rebuilt = await openStore(folder);
  expect(readings(rebuilt)).toEqual(before);

  writeFileSync(record, readFileSync(record, 'utf8').replaceAll('"epoch":2', '"lost":2'));
  const run = rebuilt.startRun(external!, 's');
  rebuilt.finishRun(run, { state: 'completed' });
  const whole = readings(rebuilt);
  rebuilt.close();
  await rebuildStore(folder);
  const third = await openStore(folder);
  expect(readings(third)).toEqual(whole);
  third.close();
});

test('a record is no longer than what it tells, however often a cell goes on', async () => {
  const { store, paths, ids } = await filled();
  const size = () => statSync(paths.cell(ids[0]!).record).size;
  const goOn = () => {
    const run = store.startRun(ids[0]!, 's');
    store.recordStarted(run, { ...start, resumedFromEpoch: 200, history: epochsWith(Array(200).fill(0.5)) });
    store.finishRun(run, { state: 'interrupted' });
  };
  goOn();
  const once = size();
  for (let again = 0; again < 10; again++) goOn();
  // Ten runs, and no epoch twice.
  expect(size()).toBeLessThan(once + 11 * 1500);
  store.close();
});

test('a run that was under way when its store was lost is interrupted, and its cell may be run', async () => {
  const { folder, store, ids } = await filled();
  const run = store.startRun(ids[6]!, 's');
  store.recordEpoch(run, epochsWith([0.4])[0]!);
  store.close();
  await rebuildStore(folder);
  const rebuilt = await openStore(folder);
  expect(rebuilt.cellsById([ids[6]!]).get(ids[6]!)).toMatchObject({ state: 'interrupted', epochs: 1 });
  expect(rebuilt.startRun(ids[6]!, 's').attempt).toBe(2);
  rebuilt.close();
});
