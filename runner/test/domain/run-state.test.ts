import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Actor,
  mayChange,
  type RunState,
  runStates,
  statesBefore,
  stateTable,
} from '../../domain/run-state.js';
import { openStore } from '../../store/open-store.js';
import type { RunHandle } from '../../store/run-store.js';
import { cells, grid, resultsFolder } from '../store/fixtures.js';

describe('the table of states', () => {
  it('lets nothing become what it is, and each state be reached and, unless it is over, left', () => {
    for (const state of runStates) {
      expect(mayChange(state, state)).toBe(false);
      if (state !== 'queued') expect(statesBefore(state)).not.toEqual([]);
      if (!stateTable[state].over) expect(Object.keys(stateTable[state].changes)).not.toEqual([]);
    }
  });

  it('holds that what is done is over, and that nothing over is left', () => {
    for (const { over, done, countsAsLeft, startsByItself, held } of Object.values(stateTable)) {
      if (done) expect({ over, countsAsLeft }).toEqual({ over: true, countsAsLeft: false });
      if (startsByItself)
        expect({ over, countsAsLeft, held }).toEqual({ over: false, countsAsLeft: true, held: false });
    }
  });

  it('knows by whom: a user can’t complete a run, a trainer can’t pause a cell', () => {
    expect(mayChange('running', 'completed', 'user')).toBe(false);
    expect(mayChange('queued', 'paused', 'trainer')).toBe(false);
    expect(mayChange('queued', 'completed')).toBe(false);
  });
});

/** Ways to try to change a cell, with whom they are of. */
type Event =
  | { do: 'start' }
  | { do: 'finish'; state: 'completed' | 'failed' | 'interrupted' | 'paused' | 'stopped' }
  | { do: 'hold'; state: 'paused' | 'stopped' }
  | { do: 'requeue' };

const actors: Record<Event['do'], readonly Actor[]> = {
  start: ['runner'],
  finish: ['trainer', 'runner', 'user'],
  hold: ['user'],
  requeue: ['user', 'runner'],
};

const event = fc.oneof(
  fc.constant<Event>({ do: 'start' }),
  fc
    .constantFrom('completed', 'failed', 'interrupted', 'paused', 'stopped')
    .map((state): Event => ({ do: 'finish', state: state as 'completed' })),
  fc.constantFrom('paused', 'stopped').map((state): Event => ({ do: 'hold', state: state as 'paused' })),
  fc.constant<Event>({ do: 'requeue' }),
);

it('no sequence of events makes a change in the store that the table forbids', async () => {
  const store = await openStore(resultsFolder());
  const list = cells(60);
  store.registerGrid(grid, list);
  let next = 0;
  const stateOf = (cellId: string): RunState => store.cellsById([cellId]).get(cellId)!.state;
  try {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 12 }), events => {
        const { cellId } = list[next++ % list.length]!;
        let run: RunHandle | undefined;
        if (stateOf(cellId) === 'running') store.requeue([cellId]);
        for (const each of events) {
          const before = stateOf(cellId);
          try {
            if (each.do === 'start') run = store.startRun(cellId, 'slot');
            else if (each.do === 'finish' && run !== undefined) store.finishRun(run, { state: each.state });
            else if (each.do === 'hold') store.hold([cellId], each.state);
            else if (each.do === 'requeue') store.requeue([cellId]);
          } catch {
            // Refused in words: nothing has changed then, as is seen below.
          }
          const after = stateOf(cellId);
          if (after === before) continue;
          // A new lease, or a requeue, of a cell whose run this process left ends that run first.
          const isAllowed = actors[each.do].some(
            actor =>
              mayChange(before, after, actor) ||
              (before === 'running' && mayChange('interrupted', after, actor)),
          );
          expect(isAllowed, `${before} → ${after} by ${JSON.stringify(each)}`).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  } finally {
    store.close();
  }
});
