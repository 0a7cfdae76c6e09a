import { expect, it } from 'vitest';
import { openStore } from '../../store/open-store.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { defaultDriver } from '../../store/sqlite/sqlite.js';
import { cells, complete, epochsWith, grid, resultsFolder } from './fixtures.js';

const slot = { slotId: 'local/cpu0', backend: 'local', device: '1 CPU thread' };

it('numbers each change in its transaction, and a reader goes on after the last one', async () => {
  const folder = resultsFolder();
  const store = await openStore(folder);
  const list = cells(2);
  const [cellId] = [list[0]!.cellId];
  store.registerGrid(grid, list);
  const reader = await openStore(folder, { readOnly: true });
  const first = reader.changesSince(0);
  expect(first.changes.map(({ kind, subject }) => [kind, subject])).toEqual([['grid', grid.name]]);
  const counter = reader.changeCounter();
  const run = store.startRun(cellId, slot.slotId);
  store.recordEpoch(run, epochsWith([0.5])[0]!);
  store.recordWarning(run, 'slow');
  store.addNote(cellId, 'a note');
  store.finishRun(run, { state: 'completed' });
  store.beginRunner(grid.name, [slot]);
  expect(reader.changeCounter()).not.toBe(counter);
  const { isWhole, changes, last } = reader.changesSince(first.last);
  expect(isWhole).toBe(true);
  expect(changes.map(({ kind, cellId: of }) => [kind, of])).toEqual([
    ['run', cellId],
    ['epoch', cellId],
    ['warning', cellId],
    ['note', cellId],
    ['run', cellId],
    ['runner', null],
  ]);
  expect(changes.map(({ number }) => number)).toEqual(changes.map((_, index) => first.last + 1 + index));
  expect(reader.changesSince(last)).toEqual({ isWhole: true, changes: [], last });
  expect(reader.changesSince(first.last, 2).last).toBe(first.last + 2);
  // A change that was not stored has no number.
  expect(() => store.startRun('no such cell', 's')).toThrow();
  expect(store.lastChange()).toBe(last);
  reader.close();
  store.close();
});

it('stays small: a reader that comes too late begins anew', async () => {
  const folder = resultsFolder();
  const store = await openStore(folder);
  const list = cells(1);
  store.registerGrid(grid, list);
  complete(store, list[0]!.cellId, [0.5]);
  store.close();
  const { DatabaseSync } = await defaultDriver();
  const database = new DatabaseSync(new ResultsPaths(folder).store);
  const { last } = database.prepare('SELECT max(number) AS last FROM journal').get() as { last: number };
  database.exec(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${60_000 - last - 1})
     INSERT INTO journal (time_ms, kind) SELECT 0, 'epoch' FROM n`,
  );
  database.close();
  const again = await openStore(folder);
  again.addNote(list[0]!.cellId, 'the change of number 60,000');
  expect(again.lastChange()).toBe(60_000);
  expect(again.changesSince(last)).toEqual({ isWhole: false, changes: [], last: 60_000 });
  expect(again.changesSince(59_999).changes).toHaveLength(1);
  expect(again.changesSince(40_000, 50_000)).toMatchObject({ isWhole: true });
  // Another store lies there now.
  expect(again.changesSince(70_000).isWhole).toBe(false);
  again.close();
});

it('keeps what a view shows of a running grid: runner, slots, progress, pauses', async () => {
  const folder = resultsFolder();
  const store = await openStore(folder);
  const list = cells(2);
  const { cellId } = list[0]!;
  store.registerGrid(grid, list);
  store.beginRunner(grid.name, [slot, { ...slot, slotId: 'local/cpu1' }]);
  const run = store.startRun(cellId, slot.slotId);
  store.changeSlots(grid.name, [{ slotId: slot.slotId, state: 'running', cellId }]);
  store.recordProgress({ cellId, epoch: 2, step: 3, stepsPerEpoch: 10, loss: 0.5 });
  store.changeSlots(grid.name, [
    {
      slotId: 'local/cpu1',
      state: 'waiting',
      reason: 'full',
      sinceMs: 1,
      untilMs: 2,
    },
  ]);
  const reader = await openStore(folder, { readOnly: true });
  expect(reader.slotsOf(grid.name)).toMatchObject([
    { slotId: 'local/cpu0', state: 'running', cell: { cellId, attempt: 1 }, runs: 0 },
    { slotId: 'local/cpu1', state: 'waiting', cell: null, reason: 'full', sinceMs: 1, untilMs: 2 },
  ]);
  expect(reader.progressOf(grid.name)).toMatchObject([
    { cellId, epoch: 2, step: 3, stepsPerEpoch: 10, loss: 0.5 },
  ]);
  store.changeRunner(grid.name, { stopping: 'drain' });
  expect(reader.runnerOf(grid.name)).toMatchObject({ stopping: 'drain', endedMs: null });
  store.finishRun(run, { state: 'completed' });
  expect(reader.progressOf(grid.name)).toEqual([]);
  reader.close();
  store.close();
});
