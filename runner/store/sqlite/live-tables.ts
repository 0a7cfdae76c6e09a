/** What a view shows of a grid that is running, beside its cells: its runner, slots, and the progress of its runs. */
import type { LiveProgress, LiveRunner, LiveSlot, SlotState } from '../../domain/live.js';
import type { Slot } from '../../domain/slot.js';
import type { Labels } from '../../domain/stored.js';
import type { Connection } from './connection.js';
import { describeOwner, type Owner } from './leases.js';

const gridOf = '(SELECT grid FROM grids WHERE name = ?)';

export interface SlotChange {
  slotId: string;
  state: SlotState;
  cellId?: string | null;
  reason?: string | null;
  sinceMs?: number | null;
  untilMs?: number | null;
  /** So many runs have ended on it since the last change. */
  endedRuns?: number;
}

/** A runner takes a grid up; what was shown of the one before is gone. */
export function beginRunner(connection: Connection, grid: string, owner: Owner): void {
  connection
    .prepare(
      `INSERT INTO runners (grid, owner, started_ms) VALUES (${gridOf}, ?, ?)
       ON CONFLICT DO UPDATE SET owner = excluded.owner, started_ms = excluded.started_ms, ended_ms = NULL, stopping = NULL`,
    )
    .run(grid, owner, Date.now());
  connection.prepare(`DELETE FROM slots WHERE grid = ${gridOf}`).run(grid);
}

export function addSlot(connection: Connection, grid: string, { slotId, backend, device }: Slot): void {
  connection
    .prepare(
      `INSERT INTO slots (grid, slot_id, position, backend, device, state)
       VALUES (${gridOf}, ?, (SELECT count(*) FROM slots), ?, ?, 'idle')
       ON CONFLICT DO UPDATE SET backend = excluded.backend, device = excluded.device, state = 'idle', cell = NULL,
         reason = NULL, since_ms = NULL, until_ms = NULL`,
    )
    .run(grid, slotId, backend, device);
}

export function removeSlot(connection: Connection, grid: string, slotId: string): void {
  connection.prepare(`DELETE FROM slots WHERE grid = ${gridOf} AND slot_id = ?`).run(grid, slotId);
}

export function changeSlot(connection: Connection, grid: string, change: SlotChange): void {
  connection
    .prepare(
      `UPDATE slots SET state = ?, cell = (SELECT cell FROM cells WHERE cell_id = ?), reason = ?, since_ms = ?, until_ms = ?,
         runs = runs + ? WHERE grid = ${gridOf} AND slot_id = ?`,
    )
    .run(
      change.state,
      change.cellId ?? null,
      change.reason ?? null,
      change.sinceMs ?? null,
      change.untilMs ?? null,
      change.endedRuns ?? 0,
      grid,
      change.slotId,
    );
}

export function changeRunner(
  connection: Connection,
  grid: string,
  { stopping, hasEnded }: { stopping?: 'drain' | 'kill'; hasEnded?: boolean },
): void {
  connection
    .prepare(
      `UPDATE runners SET stopping = coalesce(?, stopping), ended_ms = coalesce(?, ended_ms) WHERE grid = ${gridOf}`,
    )
    .run(stopping ?? null, hasEnded ? Date.now() : null, grid);
}

export function writeProgress(connection: Connection, progress: Omit<LiveProgress, 'timeMs'>): void {
  const { cellId, epoch, step, stepsPerEpoch, loss } = progress;
  connection
    .prepare(
      `INSERT INTO progress SELECT cell, ?, ?, ?, ?, ? FROM cells WHERE cell_id = ?
       ON CONFLICT DO UPDATE SET epoch = excluded.epoch, step = excluded.step, steps_per_epoch = excluded.steps_per_epoch,
         loss = excluded.loss, time_ms = excluded.time_ms`,
    )
    .run(epoch, step, stepsPerEpoch, loss, Date.now(), cellId);
}

/** In the order in which they were opened. */
export function slotsOf(connection: Connection, grid: string): LiveSlot[] {
  const rows = connection
    .prepare(
      `SELECT s.slot_id, s.backend, s.device, s.state, s.reason, s.since_ms, s.until_ms, s.runs, c.cell_id, g.labels,
         (SELECT attempt FROM runs r WHERE r.run = c.last_run) AS attempt
       FROM slots s LEFT JOIN cells c USING (cell) LEFT JOIN grid_cells g ON g.grid = s.grid AND g.cell = s.cell
       WHERE s.grid = ${gridOf} ORDER BY s.position`,
    )
    .all(grid) as SlotRow[];
  return rows.map(row => ({
    slotId: row.slot_id,
    backend: row.backend,
    device: row.device,
    state: row.state,
    cell:
      row.cell_id === null
        ? null
        : {
            cellId: row.cell_id,
            labels: JSON.parse(row.labels ?? '{}') as Labels,
            attempt: row.attempt ?? 0,
          },
    reason: row.reason,
    sinceMs: row.since_ms,
    untilMs: row.until_ms,
    runs: row.runs,
  }));
}

interface SlotRow {
  slot_id: string;
  backend: string;
  device: string;
  state: SlotState;
  reason: string | null;
  since_ms: number | null;
  until_ms: number | null;
  runs: number;
  cell_id: string | null;
  labels: string | null;
  attempt: number | null;
}

/** Of the grid's cells that are running. */
export function progressOf(connection: Connection, grid: string): LiveProgress[] {
  return connection
    .prepare(
      `SELECT c.cell_id AS cellId, p.epoch, p.step, p.steps_per_epoch AS stepsPerEpoch, p.loss, p.time_ms AS timeMs
       FROM progress p JOIN cells c USING (cell) JOIN leases l USING (cell)
       JOIN grid_cells g ON g.cell = p.cell AND g.grid = ${gridOf}`,
    )
    .all(grid) as LiveProgress[];
}

export function runnerOf(
  connection: Connection,
  grid: string,
  isAlive: (owner: Owner) => boolean,
): LiveRunner | null {
  const row = connection
    .prepare(`SELECT owner, started_ms, ended_ms, stopping FROM runners WHERE grid = ${gridOf}`)
    .get(grid) as
    | { owner: Owner; started_ms: number; ended_ms: number | null; stopping: 'drain' | 'kill' | null }
    | undefined;
  if (row === undefined) return null;
  return {
    holder: describeOwner(row.owner),
    isAlive: row.ended_ms === null && isAlive(row.owner),
    startedMs: row.started_ms,
    endedMs: row.ended_ms,
    stopping: row.stopping,
  };
}
