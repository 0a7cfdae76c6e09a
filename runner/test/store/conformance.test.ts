/** The store's contract, on every SQLite driver that this Node has. */
import { describe, expect, test } from 'vitest';
import { openStore } from '../../store/open-store.js';
import { type DriverName, driverNames, loadDriver, type SqliteDriver } from '../../store/sqlite/sqlite.js';
import { cells, complete, epochsWith, grid, resultsFolder, start } from './fixtures.js';

const drivers: [DriverName, SqliteDriver | undefined][] = await Promise.all(
  driverNames.map(
    async name =>
      [name, await loadDriver(name).catch(() => undefined)] as [DriverName, SqliteDriver | undefined],
  ),
);

test('there is a driver for this Node', () => {
  expect(drivers.some(([, driver]) => driver !== undefined)).toBe(true);
});

describe.each(
  drivers.map(([name, driver]) => ({
    name: driver === undefined ? `${name} (not in this Node)` : name,
    driver,
  })),
)('store on $name', ({ driver }) => {
  const whereAvailable = test.skipIf(driver === undefined);
  const open = async (folder = resultsFolder(), count = 3) => {
    const store = await openStore(folder, { driver: driver! });
    const list = cells(count);
    store.registerGrid(grid, list);
    return { folder, store, ids: list.map(cell => cell.cellId) };
  };

  whereAvailable('gives back what was registered', async () => {
    const { store } = await open();
    expect(store.grids()).toEqual([grid]);
    expect(store.grid()).toEqual(grid);
    const stored = store.storedCells(grid.name);
    expect(stored.map(({ cellId, labels, spec }) => ({ cellId, labels, spec }))).toEqual(cells(3));
    expect(stored.every(cell => cell.state === 'queued' && cell.attempts === 0 && cell.present)).toBe(true);
    expect(store.countsByState(grid.name)).toMatchObject({ queued: 3, completed: 0 });
    store.close();
  });

  whereAvailable.each([1e-15, 2 ** -52, 2 ** -53, 1e-17, 2.2250738585072014e-308, 5e-324, -5e-324])(
    'keeps %d, however small it is',
    async value => {
      const { store, ids } = await open();
      complete(store, ids[0]!, [value]);
      expect(store.metricsOf(ids[0]!)).toEqual(epochsWith([value]));
      expect(store.standings(grid.name)[0]).toMatchObject({ values: [value], lastValue: value });
      store.close();
    },
  );

  whereAvailable('keeps every bit of a run', async () => {
    const { store, ids } = await open();
    const accuracies = [0.1, 0.30000000000000004, 0.3, null];
    complete(store, ids[1]!, accuracies);
    expect(store.metricsOf(ids[1]!)).toEqual(epochsWith(accuracies));
    expect(store.cellsById([ids[1]!, 'unknown']).get(ids[1]!)).toMatchObject({
      state: 'completed',
      attempts: 1,
      epochs: 4,
      bestEpoch: 2,
      value: 0.30000000000000004,
      provenance: start.provenance,
    });
    expect(store.runsOf(ids[1]!)).toMatchObject([
      {
        attempt: 1,
        slotId: 'local/cpu0',
        state: 'completed',
        weightsHash: 'abc',
        pid: process.pid,
        validationImages: 10_000,
      },
    ]);
    const standing = store.standings(grid.name).find(({ state }) => state === 'completed')!;
    expect(standing).toMatchObject({
      values: [0.30000000000000004],
      lastValue: null,
      trainValue: 0.30000000000000004 + 0.1,
      seconds: 8,
      validationImages: 10_000,
    });
    store.close();
  });

  whereAvailable('replays a history without doubling anything, and drops what is trained again', async () => {
    const { store, ids } = await open();
    const [cell] = ids as [string];
    complete(store, cell, [0.1, 0.9, 0.2, 0.3]);
    const history = epochsWith([0.1, 0.4]);
    const run = store.startRun(cell, 'local/cpu1');
    store.recordStarted(run, { ...start, resumedFromEpoch: 2, history });
    expect(store.metricsOf(cell)).toEqual(history);
    expect(store.cellsById([cell]).get(cell)).toMatchObject({
      state: 'running',
      attempts: 2,
      epochs: 2,
      bestEpoch: 2,
      value: 0.4,
    });
    const third = { ...epochsWith([0, 0, 0.5])[2]! };
    store.recordEpoch(run, third);
    store.recordEpoch(run, third);
    expect(store.metricsOf(cell)).toEqual([...history, third]);
    expect(store.cellsById([cell]).get(cell)).toMatchObject({
      epochs: 3,
      bestEpoch: 3,
      value: 0.5,
    });
    const again = epochsWith([0.2])[0]!;
    store.recordEpoch(run, again);
    expect(store.metricsOf(cell)).toEqual([again, history[1], third]);
    store.beginAfter(run, 0);
    store.recordEpoch(run, again);
    expect(store.metricsOf(cell)).toEqual([again]);
    expect(store.cellsById([cell]).get(cell)).toMatchObject({ epochs: 1, bestEpoch: 1, value: 0.2 });
    store.close();
  });

  whereAvailable(
    'keeps results of cells that leave a grid, and of another grid with the same cell',
    async () => {
      const { store, ids } = await open();
      complete(store, ids[0]!, [0.5]);
      store.registerGrid({ ...grid, hash: 'h2' }, cells(3).slice(1).reverse());
      expect(store.storedCells(grid.name).map(({ cellId, present }) => [cellId, present])).toEqual([
        [ids[2], true],
        [ids[1], true],
        [ids[0], false],
      ]);
      expect(store.countsByState(grid.name)).toMatchObject({ queued: 2, completed: 0 });
      store.registerGrid({ ...grid, name: 'other' }, cells(1));
      expect(store.countsByState('other')).toMatchObject({ completed: 1 });
      expect(() => store.grid()).toThrow(/--grid NAME: a\/b ü, other/);
      expect(() => store.grid('nothing')).toThrow(/no grid named nothing.*there are: a\/b ü, other/);
      store.close();
    },
  );

  whereAvailable('says what standings rest on', async () => {
    const { store, ids } = await open(undefined, 15);
    const [nan, endsInNaN, silent, short, whole, shaky, lost] = ids as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const full = (last: number | null) => [...Array.from({ length: 9 }, (_, i) => i / 10), last];
    complete(store, nan, [null, null]);
    complete(store, endsInNaN, full(null));
    complete(store, short, [0.5, 0.6, 0.7]);
    complete(store, whole, full(0.1));
    const run = store.startRun(silent, 's');
    store.recordEpoch(run, { epoch: 1, step: 1, metrics: { other: 1 } });
    store.finishRun(run, { state: 'completed' });
    for (const [cell, failure] of [
      [shaky, 'nanLoss'],
      [lost, 'crash'],
    ] as const)
      store.finishRun(store.startRun(cell, 's'), {
        state: 'failed',
        failure: { class: failure, message: '' },
      });
    store.markStale(ids, new Map([[whole, ['the data changed', 'the engine changed']]]));
    const [five, two, rest] = store.standings(grid.name);
    expect(five).toMatchObject({
      state: 'completed',
      values: [0.8, 0.7, 0.8],
      epochsAsked: 10,
      shortCells: 1,
      fewestEpochs: 3,
      nanCells: 1,
      endedInNaN: 1,
      failures: [],
      staleCells: 1,
      staleReasons: ['the data changed', 'the engine changed'],
    });
    expect(two).toMatchObject({ state: 'failed', values: [], failures: ['nanLoss', 'crash'], staleCells: 0 });
    expect(rest).toMatchObject({ state: 'queued', shortCells: 0, nanCells: 0, endedInNaN: 0 });
    // Trained anew, it is stale no longer.
    store.recordStarted(store.startRun(whole, 's'), { ...start, resumedFromEpoch: 0, history: [] });
    expect(store.cellsById([whole]).get(whole)!.staleReasons).toEqual([]);
    store.close();
  });

  whereAvailable('keeps what the metrics rest on when the next attempt fails before it trains', async () => {
    const { store, ids } = await open();
    complete(store, ids[0]!, [0.5]);
    const run = store.startRun(ids[0]!, 's');
    store.finishRun(run, { state: 'failed', failure: { class: 'crash', message: 'signal 9', step: 7 } });
    expect(store.cellsById(ids).get(ids[0]!)).toMatchObject({
      state: 'failed',
      failure: { class: 'crash', message: 'signal 9', step: 7 },
      epochs: 1,
      provenance: start.provenance,
    });
    store.close();
  });

  whereAvailable('finds a cell by the beginning of its id', async () => {
    const { store, ids } = await open(undefined, 20);
    expect(store.findCell(ids[17]!).cellId).toBe(ids[17]);
    expect(store.findCell('0000000000000011').cellId).toBe(ids[17]);
    expect(() => store.findCell('00')).toThrow(/start with "00": .*, …; give more/);
    expect(() => store.findCell('%')).toThrow(/no cell whose id starts with "%"/);
    store.close();
  });

  whereAvailable('has readers that see each transaction and change nothing', async () => {
    const { folder, store, ids } = await open();
    const reader = await openStore(folder, { readOnly: true, driver: driver! });
    const before = reader.changeCounter();
    expect(reader.changeCounter()).toBe(before);
    store.addNote(ids[0]!, 'first');
    store.addNote(ids[0]!, 'second', 1);
    expect(reader.changeCounter()).not.toBe(before);
    expect(reader.notesOf(ids[0]!)).toMatchObject([
      { text: 'first', attempt: null },
      { text: 'second', attempt: 1 },
    ]);
    expect([...reader.latestNotes(grid.name)]).toEqual([[ids[0], 'second']]);
    store.addNote(ids[0]!, '');
    expect(reader.latestNotes(grid.name).size).toBe(0);
    reader.close();
    store.close();
  });

  whereAvailable('takes the note of a grid file once, and again when its text changes', async () => {
    const { store, ids } = await open();
    const shown = () => store.latestNotes(grid.name).get(ids[0]!);
    store.addFileNote(ids, 'of the file');
    store.addNote(ids[0]!, 'mine');
    store.addFileNote(ids, 'of the file');
    expect(shown()).toBe('mine');
    store.addNote(ids[0]!, '');
    store.addFileNote(ids, 'of the file');
    expect(shown()).toBeUndefined();
    store.addFileNote(ids, 'changed');
    expect(shown()).toBe('changed');
    store.addFileNote(ids, 'of the file');
    expect(shown()).toBe('of the file');
    expect(store.notesOf(ids[1]!).map(({ text }) => text)).toEqual(['of the file', 'changed', 'of the file']);
    store.close();
  });

  whereAvailable('counts all warnings of a run and keeps the first different ones', async () => {
    const { folder, store, ids } = await open();
    const [cell] = ids as [string];
    const run = store.startRun(cell, 's');
    store.recordWarning(run, 'a');
    // At once, for whoever looks while it goes on.
    expect(store.runsOf(cell)[0]!.warnings).toEqual({ count: 1, first: [{ text: 'a', count: 1 }] });
    for (let i = 0; i < 30; i++) {
      store.recordWarning(run, 'a');
      store.recordWarning(run, `other ${i}`);
    }
    store.recordWarning(run, 'long '.repeat(10_000));
    store.finishRun(run, { state: 'completed' });
    const { count, first } = store.runsOf(cell)[0]!.warnings;
    expect(count).toBe(62);
    expect(first.map(({ text }) => text)).toEqual([
      'a',
      ...Array.from({ length: 9 }, (_, i) => `other ${i}`),
    ]);
    expect(first[0]!.count).toBe(31);
    const other = store.startRun(ids[1]!, 's');
    store.recordWarning(other, 'long '.repeat(10_000));
    store.finishRun(other, { state: 'failed', failure: { class: 'crash', message: '' } });
    store.close();
    const reader = await openStore(folder, { readOnly: true, driver: driver! });
    const found = reader.warningsOf(grid.name);
    expect(found).toHaveLength(11);
    expect(found[0]).toEqual({ cellId: cell, labels: cells(1)[0]!.labels, text: 'a', count: 31 });
    expect(found[10]!.text).toHaveLength(2000);
    reader.close();
  });

  whereAvailable('stores nothing of a call that fails', async () => {
    const { store, ids } = await open();
    const run = store.startRun(ids[0]!, 's');
    store.recordEpoch(run, epochsWith([0.1])[0]!);
    const bad = { epoch: 2, step: 2, metrics: { validationAccuracy: 0.9, newMetric: {} as number } };
    expect(() => store.recordEpoch(run, bad)).toThrow();
    expect(store.metricsOf(ids[0]!)).toEqual(epochsWith([0.1]));
    store.recordEpoch(run, { epoch: 2, step: 2, metrics: { newMetric: 3 } });
    expect(store.metricsOf(ids[0]!)[1]).toEqual({ epoch: 2, step: 2, metrics: { newMetric: 3 } });
    store.close();
  });
});
