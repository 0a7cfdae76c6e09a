/** The state of a cell, and how it is changed beside a run; within a transaction of the caller. */
import { type HeldState, isShort, mayChange, type RunState, stateTable } from '../../domain/run-state.js';
import type { RungMark } from '../../domain/stopping.js';
import type { Connection } from './connection.js';
import { addChange } from './journal.js';

/** State of a run `r`. The parameter is the JSON list of `deadRuns`: a reader can't mark them as interrupted in the file. */
export const runStateColumn = `iif(r.run IN (SELECT value FROM json_each(?)), 'interrupted', r.state)`;

/** State of a cell `c` that `r` is the last run of; what a user holds back isn't running. */
export const stateColumn = `coalesce(c.held, ${runStateColumn}, 'queued')`;

/** As it is stored. */
export function stateOf(connection: Connection, cell: number): RunState {
  const row = connection
    .prepare(
      `SELECT coalesce(c.held, r.state, 'queued') AS state FROM cells c LEFT JOIN runs r ON r.run = c.last_run WHERE c.cell = ?`,
    )
    .get(cell) as { state: RunState };
  return row.state;
}

/** The rule of its grid holds a cell that isn't running at a rung, stops it, or (null) does neither. False: it may not change so. */
export function markRung(connection: Connection, cell: number, mark: RungMark | null): boolean {
  const from = stateOf(connection, cell);
  if (stateTable[from].over && !isShort(from)) return false;
  if (!changeState(connection, cell, mark?.at === 'out' ? 'stopped' : 'queued')) return false;
  const rung = mark === null ? null : JSON.stringify(mark);
  connection.prepare('UPDATE cells SET rung = ? WHERE cell = ?').run(rung, cell);
  addChange(connection, 'cell', cell);
  return true;
}

/**
 * Pauses, stops or queues a cell that isn't running; false: it may not change so. `priority` and epochs are kept.
 */
export function changeState(connection: Connection, cell: number, to: 'queued' | HeldState): boolean {
  const from = stateOf(connection, cell);
  if (stateTable[from].held || !(from === to || mayChange(from, to))) return false;
  // A queued cell has no last run, whatever it has on record.
  const set =
    to === 'queued' ? 'held = NULL, retry_ms = NULL, last_run = NULL' : `held = '${to}', retry_ms = NULL`;
  connection.prepare(`UPDATE cells SET ${set}, rung = NULL WHERE cell = ?`).run(cell);
  if (from !== to) addChange(connection, 'cell', cell);
  return true;
}
