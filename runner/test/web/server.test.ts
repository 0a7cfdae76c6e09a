import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readLeaderboard } from '../../leaderboard/leaderboard.js';
import { openStore } from '../../store/open-store.js';
import { ResultsPaths } from '../../store/run-paths.js';
import type { WebServer } from '../../web/server/serve.js';
import type * as wire from '../../web/wire.js';
import { cells, complete, grid, resultsFolder } from '../store/fixtures.js';
import { ask, change, end, json, serve, write } from './fixtures.js';

const api = `/api/grids/${encodeURIComponent(grid.name)}`;
const all = cells(40);

/** Every second cell completed, one failed. */
async function filled(): Promise<string> {
  const results = resultsFolder();
  await write(results, store => {
    store.registerGrid(grid, all);
    for (const [index, { cellId }] of all.entries())
      if (index % 2 === 0) complete(store, cellId, [0.1 + index / 300, 0.2 + index / 300]);
    const run = store.startRun(all[1]!.cellId, 'local/cpu0');
    store.finishRun(run, { state: 'failed', failure: { class: 'nanLoss', message: 'the loss is NaN' } });
  });
  return results;
}

async function boardOf(results: string) {
  const reader = await openStore(results, { readOnly: true });
  try {
    return readLeaderboard(reader, { grid: grid.name });
  } finally {
    reader.close();
  }
}

test('the page has the leaderboard’s rows, digit for digit, by windows', async () => {
  const results = await filled();
  const server = await serve(results);
  const board = await boardOf(results);
  const whole = await json<wire.LeaderboardAnswer>(server, `${api}/leaderboard`);
  expect(whole.rows).toEqual(JSON.parse(JSON.stringify(board.rows)));
  expect([whole.all, whole.matching]).toEqual([board.rows.length, board.rows.length]);
  const part = await json<wire.LeaderboardAnswer>(server, `${api}/leaderboard?from=2&count=3`);
  expect(part.rows).toEqual(whole.rows.slice(2, 5));
  expect(part.from).toBe(2);
});

test('filters and sorts', async () => {
  const server = await serve(await filled());
  const whole = await json<wire.LeaderboardAnswer>(server, `${api}/leaderboard`);
  const [axis, label] = Object.entries(whole.rows[0]!.labels)[0]!;
  const is = `is.${encodeURIComponent(axis)}=${encodeURIComponent(label)}`;
  const some = await json<wire.LeaderboardAnswer>(server, `${api}/leaderboard?${is}`);
  expect(some.rows).toEqual(whole.rows.filter(row => row.labels[axis] === label));
  expect(some.matching).toBeLessThan(some.all);
  expect(some.differing).not.toContain(axis);
  const none = await json<wire.LeaderboardAnswer>(server, `${api}/leaderboard?${is}&q=nosuchword`);
  expect(none.matching).toBe(0);
  const byId = await json<wire.LeaderboardAnswer>(server, `${api}/leaderboard?q=${all[7]!.cellId}`);
  expect(byId.rows.map(row => row.cells.includes(all[7]!.cellId))).toEqual([true]);
  const values = async (order: string) =>
    (await json<wire.LeaderboardAnswer>(server, `${api}/leaderboard?sort=value&${order}`)).rows.map(
      row => row.value,
    );
  const up = (await values('')).filter(value => value !== null);
  expect(up).toEqual([...up].sort((a, b) => a - b));
  expect((await values('desc=1')).filter(value => value !== null)).toEqual(up.reverse());
});

test('squares and strips say what the rows say', async () => {
  const results = await filled();
  const server = await serve(results);
  const { rows } = await boardOf(results);
  const matrix = await json<wire.MatrixAnswer>(server, `${api}/matrix`);
  const squares = matrix.facets.flatMap(facet => facet.squares);
  expect(squares.reduce((sum, square) => sum + square.rows, 0)).toBe(rows.length);
  for (const square of squares) {
    const own = rows.filter(
      row =>
        row.labels[matrix.x.axis] === matrix.x.labels[square.x] &&
        (matrix.y.axis === '' || row.labels[matrix.y.axis] === matrix.y.labels[square.y]),
    );
    expect(own).toHaveLength(square.rows);
    if (own.length === 1) expect([square.value, square.std]).toEqual([own[0]!.value, own[0]!.std]);
    const values = own.flatMap(row => row.value ?? []);
    if (values.length > 0) expect(square.spread).toEqual([Math.min(...values), Math.max(...values)]);
  }
  const facets = await json<wire.MatrixAnswer>(
    server,
    `${api}/matrix?facet=${encodeURIComponent(matrix.y.axis)}`,
  );
  expect(facets.facets.flatMap(facet => facet.squares).reduce((sum, square) => sum + square.rows, 0)).toBe(
    rows.length,
  );
  const { axes } = await json<wire.StripsAnswer>(server, `${api}/strips`);
  expect(axes.length).toBeGreaterThan(0);
  for (const { axis, strips } of axes)
    for (const { label, dots } of strips)
      expect(dots.reduce((sum, dot) => sum + dot.rows, 0)).toBe(
        rows.filter(row => row.labels[axis] === label && row.value !== null).length,
      );
});

test('the grid, its failures by class, a cell, its curves, cells beside each other', async () => {
  const server = await serve(await filled());
  const { grids } = await json<wire.GridsAnswer>(server, '/api/grids');
  expect(grids.map(each => each.name)).toEqual([grid.name]);
  const answer = await json<wire.GridAnswer>(server, api);
  expect(answer.failures).toEqual([{ failure: 'nanLoss', count: 1 }]);
  expect(answer.counts).toMatchObject({ completed: 20, failed: 1, queued: 19 });
  const id = all[2]!.cellId;
  const cell = await json<wire.CellAnswer>(server, `/api/cells/${id}`);
  expect(cell.reading.cell).toBe(id);
  expect(cell.row!.cells).toContain(id);
  expect(cell.row!.cells).toHaveLength(5);
  const { cells: curves } = await json<wire.CurvesAnswer>(
    server,
    `/api/curves?cells=${id}&metrics=validationAccuracy`,
  );
  expect(curves[0]!.metrics.validationAccuracy!.map(([epoch]) => epoch)).toEqual([1, 2]);
  const compared = await json<wire.CompareAnswer>(server, `/api/compare?cells=${id},${all[4]!.cellId},${id}`);
  expect(compared.cells.map(each => each.cell)).toEqual([id, all[4]!.cellId]);
  expect((await ask(server, '/api/cells/zzzz')).status).toBe(404);
  expect((await ask(server, '/api/grids/nope')).status).toBe(404);
  expect((await ask(server, '/api/curves?cells=&metrics=a')).status).toBe(400);
  expect((await ask(server, `/api/compare?cells=${Array(61).fill(id)}`)).status).toBe(400);
});

test('a log goes on where it was, by whole characters', async () => {
  const results = await filled();
  const server = await serve(results);
  const id = all[0]!.cellId;
  const { log } = new ResultsPaths(results).cell(id);
  mkdirSync(dirname(log), { recursive: true });
  const ask = (from: string) => json<wire.LogAnswer>(server, `/api/cells/${id}/log${from}`);
  rmSync(log, { force: true });
  expect(await ask('')).toEqual({ from: 0, next: 0, text: '' });
  const euro = Buffer.from('one €');
  writeFileSync(log, euro.subarray(0, euro.length - 1));
  const first = await ask('');
  expect(first).toEqual({ from: 0, next: 4, text: 'one ' });
  appendFileSync(log, Buffer.concat([euro.subarray(euro.length - 1), Buffer.from('\ntwo')]));
  expect((await ask(`?from=${first.next}`)).text).toBe('€\ntwo');
  writeFileSync(log, 'new');
  expect(await ask('?from=9')).toEqual({ from: 0, next: 3, text: 'new' });
});

test('pause, resume, cancel, retry, priority and notes are done', async () => {
  const results = await filled();
  const server = await serve(results);
  const id = all[3]!.cellId;
  const state = async () => (await json<wire.CellAnswer>(server, `/api/cells/${id}`)).reading.state;
  const asked = async (verb: string, body: object = {}) =>
    JSON.parse((await change(server, `/api/cells/${id}/${verb}`, body)).text) as wire.ControlAnswers;
  expect(await asked('pause')).toEqual({ answers: [{ subject: id, outcome: 'done', answer: 'is paused' }] });
  expect(await state()).toBe('paused');
  await asked('resume');
  expect(await state()).toBe('queued');
  expect((await asked('resume')).answers[0]).toMatchObject({ outcome: 'refused' });
  await asked('cancel');
  expect(await state()).toBe('stopped');
  await asked('retry');
  expect(await state()).toBe('queued');
  expect((await asked('priority', { value: 3 })).answers[0]!.answer).toBe('has priority 3');
  expect((await change(server, `/api/cells/${id}/priority`, { value: 'high' })).status).toBe(400);
  await asked('note', { text: '<b>why</b>' });
  const { reading } = await json<wire.CellAnswer>(server, `/api/cells/${id}`);
  expect(reading.notes.map(note => note.text)).toEqual(['<b>why</b>']);
  expect((await change(server, `${api}/pause`, {})).text).toContain('19 cells paused');
  expect((await change(server, `/api/cells/${id}/explode`, {})).status).toBe(404);
});

interface Stream {
  next(): Promise<{ id: string; event: string; told: wire.ChangesTold }>;
  close(): void;
}

/** Reads server-sent events; those without changes are passed over. */
async function listen(server: WebServer, lastEventId?: string): Promise<Stream> {
  const control = new AbortController();
  const answer = await fetch(`${server.url}/api/events`, {
    signal: control.signal,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next: Stream['next'] = async () => {
    while (!text.includes('\n\n')) text += (await reader.read()).value ?? '';
    const at = text.indexOf('\n\n');
    const lines = text.slice(0, at).split('\n');
    text = text.slice(at + 2);
    const field = (name: string) =>
      lines.find(line => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
    if (field('data') === '') return next();
    return { id: field('id'), event: field('event'), told: JSON.parse(field('data')) };
  };
  return { next, close: () => control.abort() };
}

test('changes are told as they come, and a stream goes on after its last one, at another server too', async () => {
  const results = await filled();
  const server = await serve(results);
  const stream = await listen(server);
  const { event, id: start } = await stream.next();
  expect(event).toBe('position');
  await write(results, store => store.addNote(all[5]!.cellId, 'one'));
  const change = await stream.next();
  expect(change.event).toBe('changes');
  expect(change.told).toMatchObject({ isWhole: true, cells: [all[5]!.cellId] });
  expect((await json<wire.GridsAnswer>(server, '/api/grids')).at).toBe(change.told.at);
  stream.close();
  await end(server);
  await write(results, store => store.addNote(all[6]!.cellId, 'two'));
  const again = await listen(await serve(results), change.id);
  await again.next();
  expect((await again.next()).told).toMatchObject({ isWhole: true, cells: [all[6]!.cellId] });
  const both = await listen(await serve(results), start);
  await both.next();
  expect((await both.next()).told.cells).toEqual([all[5]!.cellId, all[6]!.cellId]);
});

test('who comes too late, or to another store, is told to begin anew', async () => {
  const results = await filled();
  const server = await serve(results);
  const stream = await listen(server);
  const { id } = await stream.next();
  const paths = new ResultsPaths(results);
  const other = resultsFolder();
  await write(other, store => store.registerGrid({ ...grid, name: 'other' }, cells(2)));
  renameSync(join(other, 'store.db'), paths.store);
  const { told } = await stream.next();
  expect(told.isWhole).toBe(false);
  expect((await json<wire.GridsAnswer>(server, '/api/grids')).grids.map(each => each.name)).toEqual([
    'other',
  ]);
  const late = await listen(server, id);
  await late.next();
  expect((await late.next()).told.isWhole).toBe(false);
});

test('an empty results folder is served, and what comes into it is shown', async () => {
  const results = resultsFolder();
  const server = await serve(results);
  expect((await json<wire.GridsAnswer>(server, '/api/grids')).grids).toEqual([]);
  const stream = await listen(server);
  await stream.next();
  await write(results, store => store.registerGrid(grid, cells(2)));
  await stream.next();
  expect((await json<wire.GridsAnswer>(server, '/api/grids')).grids).toHaveLength(1);
});
