/** What views ask of the store: one query for all rows, one state for all queries. */
import { expect, test } from 'vitest';
import { openStore } from '../../store/open-store.js';
import { cells, complete, epochsWith, grid, resultsFolder, start } from './fixtures.js';

async function open(count = 4) {
  const folder = resultsFolder();
  const store = await openStore(folder);
  store.registerGrid(grid, cells(count));
  return { folder, store, ids: cells(count).map(({ cellId }) => cellId) };
}

test('queries of a snapshot see one state, also nested and after an error', async () => {
  const { folder, store, ids } = await open();
  const reader = await openStore(folder, { readOnly: true });
  const completed = () => reader.countsByState(grid.name).completed;
  reader.snapshot(() => {
    expect(completed()).toBe(0);
    complete(store, ids[0]!, [0.5]);
    expect(completed()).toBe(0);
    reader.snapshot(() => expect(reader.metricsOf(ids[0]!)).toEqual([]));
    expect(reader.storedCells(grid.name).every(({ state }) => state === 'queued')).toBe(true);
  });
  expect(completed()).toBe(1);
  const failing = () =>
    reader.snapshot(() => {
      completed();
      throw new RangeError('of the view');
    });
  expect(failing).toThrow(RangeError);
  complete(store, ids[1]!, [0.5]);
  expect(completed()).toBe(2);
  reader.close();
  store.close();
});

test('the median of epoch seconds is of those that were measured', async () => {
  const { store, ids } = await open();
  const train = (cellId: string, seconds: readonly (number | null | undefined)[]) => {
    const run = store.startRun(cellId, 's');
    store.recordStarted(run, start);
    for (const [i, value] of seconds.entries())
      store.recordEpoch(run, {
        epoch: i + 1,
        step: i + 1,
        metrics: { validationLoss: 1, ...(value === undefined ? {} : { seconds: value }) },
      });
    store.finishRun(run, { state: 'completed' });
  };
  train(ids[0]!, [90, 10, null, 10, 11]);
  train(ids[1]!, [4, undefined, 6, 5]);
  train(ids[2]!, [null, undefined]);
  expect([...store.medianEpochSeconds([...ids, 'unknown'])]).toEqual([
    [ids[0], 10.5],
    [ids[1], 5],
  ]);
  expect([...store.medianEpochSeconds([ids[1]!])]).toEqual([[ids[1], 5]]);
  store.close();
});

test('curves keep every bit, the order that was asked for, and NaN', async () => {
  const { store, ids } = await open();
  complete(store, ids[0]!, [0.30000000000000004, null, ...Array.from({ length: 9 }, () => 0.3)]);
  complete(store, ids[1]!, [0.7]);
  const found = store.curves([ids[1]!, ids[2]!, ids[0]!], ['validationAccuracy', 'no such']);
  expect(found.map(({ cellId, metric }) => [cellId, metric])).toEqual([
    [ids[1], 'validationAccuracy'],
    [ids[0], 'validationAccuracy'],
  ]);
  expect(found[1]!.points).toEqual(
    epochsWith([0.30000000000000004, null, ...Array.from({ length: 9 }, () => 0.3)]).map(
      ({ epoch, metrics }) => [epoch, metrics.validationAccuracy],
    ),
  );
  store.close();
});

test('notable are present cells that are running or have a failure', async () => {
  const { store, ids } = await open(5);
  complete(store, ids[0]!, [0.5]);
  const failed = store.startRun(ids[1]!, 'local/cpu0');
  store.recordEpoch(failed, epochsWith([0.5])[0]!);
  store.finishRun(failed, { state: 'failed', failure: { class: 'crash', message: 'boom' } });
  const held = store.startRun(ids[2]!, 'local/cpu0');
  store.finishRun(held, { state: 'interrupted', failure: { class: 'environment', message: 'disk full' } });
  store.startRun(ids[3]!, 'local/cpu1');
  store.finishRun(store.startRun(ids[4]!, 's'), { state: 'interrupted' });
  expect(store.notableCells(grid.name)).toMatchObject([
    {
      cellId: ids[1],
      state: 'failed',
      epochs: 1,
      epochsAsked: 10,
      attempts: 1,
      failure: { message: 'boom' },
    },
    {
      cellId: ids[2],
      state: 'interrupted',
      slotId: 'local/cpu0',
      holder: null,
      failure: { class: 'environment' },
    },
    { cellId: ids[3], state: 'running', slotId: 'local/cpu1', failure: null },
  ]);
  expect(store.notableCells(grid.name)[2]!.holder).toContain(`${process.pid}`);
  store.requeue([ids[1]!]);
  store.registerGrid(grid, cells(3));
  expect(store.notableCells(grid.name).map(({ cellId }) => cellId)).toEqual([ids[2]]);
  store.close();
});

test('says which grids have a cell, with its labels there', async () => {
  const { store, ids } = await open();
  const [cell] = cells(1);
  store.registerGrid({ ...grid, name: 'other' }, [{ ...cell!, labels: { model: 'small' } }]);
  store.registerGrid(grid, cells(4).slice(1));
  expect(store.gridsOf(ids[0]!)).toEqual([
    { grid: grid.name, labels: cell!.labels },
    { grid: 'other', labels: { model: 'small' } },
  ]);
  expect(store.gridsOf('unknown')).toEqual([]);
  store.close();
});
