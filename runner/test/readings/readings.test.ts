import { expect, test } from 'vitest';
import { readLeaderboard } from '../../leaderboard/leaderboard.js';
import { readCell } from '../../readings/cell.js';
import { readCurves } from '../../readings/curves.js';
import { readStandings } from '../../readings/standings.js';
import { readStatus } from '../../readings/status.js';
import { openStore } from '../../store/open-store.js';
import { ResultsPaths } from '../../store/run-paths.js';
import type { StoreReader, StoreWriter } from '../../store/run-store.js';
import { cells, complete, epochsWith, grid, resultsFolder } from '../store/fixtures.js';

/** A store that tells what it is asked. */
function watched(store: StoreReader, onQuery: (name: string) => void = () => {}) {
  const asked: string[] = [];
  const proxy = new Proxy(store, {
    get(target, name: keyof StoreReader) {
      const value = target[name];
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (name !== 'snapshot') {
          asked.push(name);
          onQuery(name);
        }
        return Reflect.apply(value, target, args);
      };
    },
  });
  return { proxy, asked };
}

async function troubled(count: number) {
  const folder = resultsFolder();
  const store = await openStore(folder);
  store.registerGrid(grid, cells(count));
  const ids = cells(count).map(({ cellId }) => cellId);
  for (const [index, cellId] of ids.entries()) {
    if (index % 5 === 0) complete(store, cellId, [0.1, 0.2]);
    if (index % 5 === 1) {
      const run = store.startRun(cellId, 'local/cpu0');
      store.recordWarning(run, 'odd');
      store.finishRun(run, { state: 'failed', failure: { class: 'crash', message: 'boom' } });
    }
    if (index % 5 === 2)
      store.finishRun(store.startRun(cellId, 'local/cpu0'), {
        state: 'interrupted',
        failure: { class: 'environment', message: 'disk full' },
      });
    if (index % 5 === 3) store.recordEpoch(store.startRun(cellId, 'local/cpu1'), epochsWith([0.5])[0]!);
  }
  return { folder, store, ids, paths: new ResultsPaths(folder) };
}

test('status tells what runs, what failed, what is held up and what warned', async () => {
  const { store, ids } = await troubled(5);
  const labels = cells(5).map(cell => cell.labels);
  expect(readStatus(store)).toEqual([
    {
      grid: grid.name,
      counts: expect.objectContaining({ queued: 1, running: 1, completed: 1, failed: 1, interrupted: 1 }),
      running: [
        {
          cell: ids[3],
          labels: labels[3],
          epoch: 1,
          epochs: 10,
          slot: 'local/cpu1',
          holder: expect.stringContaining(`${process.pid}`),
        },
      ],
      failed: [{ cell: ids[1], labels: labels[1], failure: 'crash', message: 'boom', attempts: 1 }],
      heldUp: [{ cell: ids[2], labels: labels[2], failure: 'environment', message: 'disk full' }],
      warnings: [{ cell: ids[1], labels: labels[1], text: 'odd', count: 1 }],
      live: null,
    },
  ]);
  expect(() => readStatus(store, 'no such')).toThrow(/no grid named no such/);
  store.close();
});

test('a cell tells of its grids, runs, epochs and notes', async () => {
  const { store, ids, paths } = await troubled(5);
  store.addNote(ids[0]!, 'mine');
  const reading = readCell(store, paths, ids[0]!);
  expect(reading).toMatchObject({
    cell: ids[0],
    grids: [{ grid: grid.name, labels: cells(1)[0]!.labels }],
    state: 'completed',
    value: 0.2,
    bestEpoch: 2,
    runs: [{ attempt: 1, state: 'completed' }],
    epochs: epochsWith([0.1, 0.2]),
    evaluation: null,
    notes: [{ text: 'mine' }],
  });
  store.close();
});

test('curves are by cell and metric', async () => {
  const { store, ids } = await troubled(5);
  const curves = readCurves(store, [ids[0]!, ids[4]!], ['trainAccuracy', 'validationAccuracy']);
  expect(curves.get(ids[0]!)!.get('validationAccuracy')).toEqual([
    [1, 0.1],
    [2, 0.2],
  ]);
  expect(curves.get(ids[4]!)!.size).toBe(0);
  store.close();
});

test.each<[string, (store: StoreReader, paths: ResultsPaths, cell: string) => unknown]>([
  ['status', store => readStatus(store)],
  ['standings', store => readStandings(store)],
  ['leaderboard', store => readLeaderboard(store)],
  ['cell', (store, paths, cell) => readCell(store, paths, cell)],
])('%s asks no more of many cells than of few, and sees one state', async (_, read) => {
  const counts = [];
  for (const count of [5, 40]) {
    const { folder, store, ids, paths } = await troubled(count);
    const reader = await openStore(folder, { readOnly: true });
    const before = read(reader, paths, ids[4]!);
    const change = changing(store, ids[4]!);
    const { proxy, asked } = watched(reader, change);
    // Whatever is written between its questions: all is as at the first.
    const during = read(proxy, paths, ids[4]!);
    expect(asked.length).toBeGreaterThan(0);
    counts.push(asked.length);
    expect(during).toEqual(before);
    reader.close();
    store.close();
  }
  expect(counts[1]).toBe(counts[0]);
});

/** Changes the store at each question but the first. */
function changing(store: StoreWriter, cellId: string) {
  let questions = 0;
  return () => {
    if (questions++ === 0) return;
    complete(store, cellId, [0.9]);
    store.addNote(cellId, `note ${questions}`);
  };
}
