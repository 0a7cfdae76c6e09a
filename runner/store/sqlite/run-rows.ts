/** The row of a run from its start to its end; each within a transaction of the caller. */
import type { MemoryUse } from '../../../trainer/contract/events.js';
import type { ProcessIdentity } from '../../../trainer/files/process-identity.js';
import { statesBefore } from '../../domain/run-state.js';
import type { TrainerInputs } from '../../domain/stored-cell.js';
import type { RunEnd, RunStart } from '../run-store.js';
import type { Connection } from './connection.js';
import { addChange } from './journal.js';
import { endLease, type Lease } from './leases.js';

/** A new run of a cell, its last one from now on. */
export function insertRun(
  connection: Connection,
  cell: number,
  slotId: string,
  { host, pid, processStarted }: ProcessIdentity,
): { attempt: number; fence: number; run: number } {
  const { attempt } = connection
    .prepare('SELECT coalesce(max(attempt), 0) + 1 AS attempt FROM runs WHERE cell = ?')
    .get(cell) as { attempt: number };
  const fence = nextFence(connection, cell);
  const { lastInsertRowid } = connection
    .prepare(
      `INSERT INTO runs (cell, attempt, fence, slot_id, state, started_ms, host, pid, process_started)
       VALUES (?, ?, ?, ?, 'running', ?, ?, ?, ?)`,
    )
    .run(cell, attempt, fence, slotId, Date.now(), host, pid, processStarted);
  const run = Number(lastInsertRowid);
  connection
    .prepare('UPDATE cells SET last_run = ?, held = NULL, retry_ms = NULL, rung = NULL WHERE cell = ?')
    .run(run, cell);
  return { attempt, fence, run };
}

/** Greater than that of any lease that the cell ever had. */
export function nextFence(connection: Connection, cell: number): number {
  const row = connection
    .prepare('SELECT coalesce(max(fence), 0) + 1 AS fence FROM runs WHERE cell = ?')
    .get(cell) as { fence: number };
  return row.fence;
}

/** What the slot knows the run by, which goes on there without its runner. */
export function writeRef(connection: Connection, cell: number, attempt: number, ref: string): void {
  connection.prepare('UPDATE runs SET ref = ? WHERE cell = ? AND attempt = ?').run(ref, cell, attempt);
}

/** A run with a ref: where it goes on, and what is stored of it. */
export interface OutlivingRun {
  run: number;
  attempt: number;
  slotId: string;
  ref: string;
  lastEvent: number;
}

/** The cell's run that goes on without its runner, if that is what it does. */
export function outlivingRun(connection: Connection, cell: number): OutlivingRun | undefined {
  return connection
    .prepare(
      `SELECT runs.run, attempt, slot_id AS slotId, ref, last_event AS lastEvent
       FROM leases JOIN runs USING (run) JOIN cells ON cells.cell = leases.cell
       WHERE leases.cell = ? AND ref IS NOT NULL`,
    )
    .get(cell) as OutlivingRun | undefined;
}

export function writeInputs(
  connection: Connection,
  cell: number,
  attempt: number,
  { folder, files }: TrainerInputs,
): void {
  const state = [folder, JSON.stringify(files)];
  connection.prepare('INSERT OR IGNORE INTO inputs (folder, files) VALUES (?, ?)').run(...state);
  connection
    .prepare(
      `UPDATE runs SET input = (SELECT input FROM inputs WHERE folder = ?1 AND files = ?2)
       WHERE cell = ?3 AND attempt = ?4`,
    )
    .run(...state, cell, attempt);
}

/** What the run told as it came to train; the cell's results rest on it from now on. */
export function writeStart(connection: Connection, cell: number, attempt: number, start: RunStart): void {
  const { engine, dataFingerprint, trainerVersion, sources } = start.provenance;
  connection
    .prepare(
      `UPDATE runs SET engine_name = ?, engine_version = ?, engine_device = ?, engine_cpu = ?, data_fingerprint = ?, trainer_version = ?,
         trainer_sources = ?, resumed_from_epoch = ?, parameters = ?, train_images = ?, validation_images = ?, classes = ?
       WHERE cell = ? AND attempt = ?`,
    )
    .run(
      engine.name,
      engine.version,
      engine.device,
      engine.cpu === undefined ? null : JSON.stringify(engine.cpu),
      dataFingerprint,
      trainerVersion,
      sources ?? null,
      start.resumedFromEpoch,
      start.parameters,
      start.trainImages,
      start.validationImages,
      start.classes,
      cell,
      attempt,
    );
  connection
    .prepare(
      `UPDATE cells SET trained_run = (SELECT run FROM runs WHERE cell = ?1 AND attempt = ?2), validation_images = ?3,
         stale = iif(?4 = 0, NULL, stale)
       WHERE cell = ?1`,
    )
    .run(cell, attempt, start.validationImages, start.resumedFromEpoch);
}

/** The most so far: a later look never takes away from it. */
export function writeMemory(
  connection: Connection,
  cell: number,
  attempt: number,
  { megabytes, gpuMegabytes }: MemoryUse,
): void {
  connection
    .prepare(
      `UPDATE runs SET memory_megabytes = max(coalesce(memory_megabytes, 0), ?1),
         gpu_megabytes = iif(?2 IS NULL, gpu_megabytes, max(coalesce(gpu_megabytes, 0), ?2))
       WHERE cell = ?3 AND attempt = ?4`,
    )
    .run(megabytes, gpuMegabytes, cell, attempt);
}

export function writeEnd(
  connection: Connection,
  cell: number,
  attempt: number,
  { state, failure, weightsHash }: RunEnd,
): void {
  connection
    .prepare(
      `UPDATE runs SET state = ?, ended_ms = max(started_ms, ?), failure_class = ?, failure_message = ?, failure_step = ?, weights_hash = ?
       WHERE cell = ? AND attempt = ?`,
    )
    .run(
      state,
      Date.now(),
      failure?.class ?? null,
      failure?.message ?? null,
      failure?.step ?? null,
      weightsHash ?? null,
      cell,
      attempt,
    );
  if (state === 'paused' || state === 'stopped')
    connection.prepare('UPDATE cells SET held = ? WHERE cell = ?').run(state, cell);
}

/** The cell's results rest on this run from now on; `anew`: on nothing of earlier ones. */
export function restOn(connection: Connection, cell: number, attempt: number, anew: boolean): void {
  connection
    .prepare(
      `UPDATE cells SET trained_run = (SELECT run FROM runs WHERE cell = ?1 AND attempt = ?2), stale = iif(?3, NULL, stale)
       WHERE cell = ?1`,
    )
    .run(cell, attempt, anew ? 1 : 0);
}

/** The cells that have such a run, and where. */
export const outlivingRuns = (connection: Connection): { cellId: string; slotId: string }[] =>
  connection
    .prepare(
      `SELECT cell_id AS cellId, slot_id AS slotId
       FROM leases JOIN runs USING (run) JOIN cells ON cells.cell = leases.cell WHERE ref IS NOT NULL`,
    )
    .all() as { cellId: string; slotId: string }[];

/** Ends a run whose lease is over. */
export function endRun(connection: Connection, { run, cell }: Pick<Lease, 'run' | 'cell'>): void {
  const before = statesBefore('interrupted', 'store').map(state => `'${state}'`);
  connection
    .prepare(
      `UPDATE runs SET state = 'interrupted', ended_ms = max(started_ms, ?) WHERE run = ? AND state IN (${before})`,
    )
    .run(Date.now(), run);
  endLease(connection, cell);
  addChange(connection, 'run', cell);
}
