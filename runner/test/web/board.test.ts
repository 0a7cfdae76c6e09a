import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runStates } from '../../domain/run-state.js';
import { readLeaderboard } from '../../leaderboard/leaderboard.js';
import type { LeaderboardRow } from '../../leaderboard/row.js';
import { openStore } from '../../store/open-store.js';
import { Board } from '../../web/server/board/board.js';
import { filterOf } from '../../web/server/board/filter.js';
import type * as wire from '../../web/wire.js';
import { cells, complete, grid, resultsFolder } from '../store/fixtures.js';
import { ask, json, serve, write } from './fixtures.js';

const api = `/api/grids/${encodeURIComponent(grid.name)}`;

const label: fc.Arbitrary<string> = fc.constantFrom('a', 'B', 'ab', '10', '9');
const row = fc.record({
  labels: fc.record({ x: label, y: label }, { requiredKeys: ['x'] }),
  state: fc.constantFrom(...runStates),
  note: fc.option(fc.constantFrom('Why not', 'a b')),
  restsOn: fc.constantFrom('3 seeds', 'diverged'),
  cells: fc.array(
    fc.integer({ min: 0, max: 0xffff }).map(id => id.toString(16).padStart(8, '0')),
    { minLength: 1, maxLength: 3 },
  ),
});
const queries = fc.record(
  {
    'is.x': fc.uniqueArray(label, { minLength: 1 }),
    'is.y': fc.uniqueArray(label, { minLength: 1 }),
    state: fc.uniqueArray(fc.constantFrom(...runStates), { minLength: 1 }),
    q: fc.constantFrom(['why'], ['A 3'], ['0000'], ['nothing']),
  },
  { requiredKeys: [] },
);

test('a filter lets through what it says, asked for once or again', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), fc.array(queries, { maxLength: 30 }), (drawn, asked) => {
      const rows = drawn as unknown as LeaderboardRow[];
      const board = new Board({ grid: 'g', objective: grid.objective, blocks: [], rows, at: 1 });
      for (const query of asked) {
        const { rows: found, axes, differing } = board.select(filterOf(query as Record<string, string[]>));
        const words = query.q?.[0]?.toLowerCase().split(' ') ?? [];
        const expected = rows.filter(each => {
          const text = [...Object.values(each.labels), each.note ?? '', each.restsOn].join(' ').toLowerCase();
          return (
            (query['is.x']?.includes(each.labels.x!) ?? true) &&
            (query['is.y']?.includes(each.labels.y ?? '') ?? true) &&
            (query.state?.includes(each.state) ?? true) &&
            words.every(word => text.includes(word) || each.cells.some(cell => cell.startsWith(word)))
          );
        });
        expect(found).toEqual(expected);
        for (const { axis, labels } of axes)
          expect(new Set(labels)).toEqual(new Set(expected.flatMap(each => each.labels[axis] ?? [])));
        for (const axis of ['x', 'y'])
          expect(differing.includes(axis)).toBe(new Set(expected.map(each => each.labels[axis])).size > 1);
      }
    }),
  );
});

test('a large grid is read beside the server, has the same rows, and what changes comes', async () => {
  const results = resultsFolder();
  const all = cells(4005);
  await write(results, store => {
    store.registerGrid(grid, all);
    for (const { cellId } of all.slice(0, 10)) complete(store, cellId, [0.4, 0.5]);
  });
  const server = await serve(results);
  const board = async () => {
    const reader = await openStore(results, { readOnly: true });
    try {
      return JSON.parse(JSON.stringify(readLeaderboard(reader, { grid: grid.name })));
    } finally {
      reader.close();
    }
  };
  const window = () => json<wire.LeaderboardAnswer>(server, `${api}/leaderboard?count=500`);
  const first = await window();
  expect(first.all).toBe(801);
  expect(first.rows).toEqual((await board()).rows.slice(0, 500));
  const last = await write(results, store => {
    complete(store, all[4004]!.cellId, [0.4, 0.9]);
    return store.lastChange();
  });
  // What was read before is shown meanwhile.
  expect((await window()).at).toBe(first.at);
  await expect.poll(async () => (await window()).at, { timeout: 60_000 }).toBe(last);
  const second = await window();
  expect(second.rows).toEqual((await board()).rows.slice(0, 500));
  expect(second.rows[0]!.cells).toContain(all[4004]!.cellId);
  expect((await json<wire.StripsAnswer>(server, `${api}/strips`)).at).toBe(last);
});

test('who has an answer already is told that it still holds, until something changes', async () => {
  const results = resultsFolder();
  const all = cells(10);
  let last = await write(results, store => {
    store.registerGrid(grid, all);
    return store.lastChange();
  });
  const server = await serve(results);
  for (const path of ['axes', 'leaderboard', 'matrix', 'strips']) {
    let known = {};
    const again = async () => {
      const answer = await ask(server, `${api}/${path}`);
      known = { 'if-none-match': String(answer.headers.etag) };
      const { status, text } = await ask(server, `${api}/${path}`, known);
      return [JSON.parse(answer.text).at, status, text];
    };
    await expect.poll(again, { timeout: 30_000 }).toEqual([last, 304, '']);
    last = await write(results, store => {
      store.addNote(all[0]!.cellId, `of ${path}`);
      return store.lastChange();
    });
    const status = async () => (await ask(server, `${api}/${path}`, known)).status;
    await expect.poll(status, { timeout: 30_000 }).toBe(200);
  }
});
