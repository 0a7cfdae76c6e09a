import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readLeaderboard } from '../../../leaderboard/leaderboard.js';
import { renderText } from '../../../leaderboard/render.js';
import { openStore } from '../../../store/open-store.js';
import { startScheduler } from '../../fixtures/scheduling.js';
import { halving } from '../../stopping/field.js';

/** Nine configurations of nine epochs: the later one is, the better. */
const nine = Array.from({ length: 9 }, (_, place) => ({
  epochs: 9,
  seed: place * 100,
  params: { place, epochMs: 15 },
}));

const statesIn = async (results: string) => {
  const store = await openStore(results, { readOnly: true });
  try {
    return store.storedCells('grid').map(({ state, epochs }) => `${state} ${epochs}`);
  } finally {
    store.close();
  }
};
const results = () => mkdtempSync(join(tmpdir(), 'gridfarm-rungs-'));

it('trains who is behind to its rung alone, and keeps why', { timeout: 60_000 }, async () => {
  const { run, store, paths, events } = await startScheduler(nine, {
    stopping: halving({ idle: 'wait' }),
    slots: 2,
  });
  const summary = await run();
  expect(summary).toMatchObject({ completed: 2, stoppedEarly: 7, failed: 0, interrupted: 0, notRun: 0 });
  expect(await statesIn(paths.root)).toEqual([
    ...Array<string>(6).fill('stopped 1'),
    'stopped 3',
    'completed 9',
    'completed 9',
  ]);
  expect(store.cellsById(['cell6']).get('cell6')!.rung).toMatchObject({
    at: 'out',
    reason: { rule: 'halving', epoch: 3, epochs: 9, rank: 3, of: 3 },
  });
  expect(store.cellsById(['cell0']).get('cell0')!.rung).toMatchObject({
    reason: { epoch: 1, of: 9, rank: 9, value: 0.5 },
  });
  expect(store.metricsOf('cell8').map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(events.filter(({ type }) => type === 'cellStopped')).toHaveLength(7);
  const board = readLeaderboard(store);
  const last = board.rows.find(({ cells }) => cells.includes('cell0'))!;
  expect(last).toMatchObject({ value: 0.5, budget: 'stopped after 1 of 9 epochs', stop: { rank: 9, of: 9 } });
  expect(last.restsOn).toMatch(/^1 seed; stopped 1\/9, 9th of 9, cut-off 0\.\d+$/);
  expect(board.rows.filter(({ stop }) => stop === null)).toHaveLength(2);
  expect(renderText(board).match(/ ≥ 0\.\d{4} /g)).toHaveLength(7);
  store.close();
});

it.each([1, 2, 5])('keeps the same on %i slots where free slots go on', { timeout: 60_000 }, async slots => {
  const { run, store } = await startScheduler([...nine].reverse(), { stopping: halving(), slots });
  const summary = await run();
  const kept = store.storedCells('grid').filter(({ rung }) => rung === undefined);
  expect(kept.map(({ cellId, state }) => `${cellId} ${state}`)).toEqual([
    'cell0 completed',
    'cell1 completed',
  ]);
  expect(summary).toMatchObject({ failed: 0, interrupted: 0, notRun: 0 });
  store.close();
});

it('goes on from what is stored after any end, and to the end without the block', {
  timeout: 120_000,
}, async () => {
  const folder = results();
  const stopping = halving({ idle: 'wait' });
  for (const after of [1, 4, 9]) {
    const { run, store, scheduler, onEvent } = await startScheduler(nine, {
      stopping,
      slots: 2,
      results: folder,
    });
    let epochs = 0;
    onEvent(event => {
      if (event.type === 'trainer' && event.event.type === 'epoch' && ++epochs === after) scheduler.kill();
    });
    await run();
    store.close();
  }
  const again = await startScheduler(nine, { stopping, slots: 2, results: folder });
  await again.run();
  again.store.close();
  const ended = await statesIn(folder);
  expect(ended.map(text => text.split(' ')[0])).toEqual([
    ...Array<string>(7).fill('stopped'),
    'completed',
    'completed',
  ]);

  const whole = await startScheduler(nine.slice(0, 7), { slots: 2, results: folder });
  expect(await whole.run()).toMatchObject({ completed: 7 });
  // From where they were stopped.
  const starts = whole.events
    .filter(({ type }) => type === 'trainer')
    .flatMap(event =>
      event.type === 'trainer' && event.event.type === 'started' ? event.event.resumedFromEpoch : [],
    );
  expect(starts.every(epoch => epoch >= 1)).toBe(true);
  expect(whole.store.storedCells('grid').every(({ rung }) => rung === undefined)).toBe(true);
  whole.store.close();
});

it('ends with cells at their rung where nothing can decide on them', { timeout: 60_000 }, async () => {
  const cells = nine.map((cell, place) => ({ ...cell, isPaused: place === 8 }));
  const { run, store } = await startScheduler(cells, { stopping: halving({ idle: 'wait' }), slots: 2 });
  const summary = await run();
  expect(summary).toMatchObject({ completed: 0, paused: 1, stoppedEarly: 5, interrupted: 3 });
  expect(store.cellsById(['cell5']).get('cell5')).toMatchObject({
    state: 'queued',
    epochs: 1,
    rung: { at: 'rung', epoch: 1, epochs: 9 },
  });
  store.close();
});
