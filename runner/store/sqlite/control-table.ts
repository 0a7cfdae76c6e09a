/** What users ask of grids, and what became of it. */
import type { Control, ControlAnswer, ControlRequest, ControlVerb } from '../../domain/control.js';
import type { Connection } from './connection.js';

/** Answered ones are kept for so long, for whoever waits for the answer. */
const keptMs = 24 * 3600 * 1000;

/** Returns its number, which the answer is asked for by. */
export function addControl(connection: Connection, grid: string, request: ControlRequest): number {
  const { verb, cellId, slotId, value, file } = request;
  connection.prepare('DELETE FROM control WHERE answered_ms < ?').run(Date.now() - keptMs);
  const { lastInsertRowid } = connection
    .prepare(
      `INSERT INTO control (time_ms, grid, verb, cell, slot_id, value, file)
       VALUES (?, (SELECT grid FROM grids WHERE name = ?), ?, (SELECT cell FROM cells WHERE cell_id = ?), ?, ?, ?)`,
    )
    .run(Date.now(), grid, verb, cellId, slotId, value, file);
  return Number(lastInsertRowid);
}

/** What is asked of a grid and wasn't answered yet, in the order in which it was asked. */
export function openControls(connection: Connection, grid: string): Control[] {
  const rows = connection
    .prepare(
      `SELECT control, time_ms AS timeMs, verb, (SELECT cell_id FROM cells WHERE cells.cell = control.cell) AS cellId,
         slot_id AS slotId, value, file
       FROM control WHERE grid = (SELECT grid FROM grids WHERE name = ?) AND outcome IS NULL ORDER BY control`,
    )
    .all(grid) as (Omit<Control, 'verb'> & { verb: ControlVerb })[];
  return rows;
}

export function answerControl(
  connection: Connection,
  control: number,
  { outcome, answer }: ControlAnswer,
): void {
  connection
    .prepare(
      'UPDATE control SET outcome = ?, answer = ?, answered_ms = ? WHERE control = ? AND outcome IS NULL',
    )
    .run(outcome, answer, Date.now(), control);
}

/** Undefined: not answered yet. */
export function answerOf(connection: Connection, control: number): ControlAnswer | undefined {
  const row = connection.prepare('SELECT outcome, answer FROM control WHERE control = ?').get(control) as
    | { outcome: ControlAnswer['outcome'] | null; answer: string | null }
    | undefined;
  return row === undefined || row.outcome === null
    ? undefined
    : { outcome: row.outcome, answer: row.answer ?? '' };
}
