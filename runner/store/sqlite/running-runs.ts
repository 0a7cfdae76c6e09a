/** Runs that are marked as running, and which of them are not: their process is gone. */
import type { ProcessIdentity } from '../../../trainer/files/process-identity.js';
import { isOwnerAlive } from '../lock-holders.js';
import type { ResultsPaths } from '../run-paths.js';
import type { Connection } from './connection.js';

/**
 * State of a cell `r` is the last run of. The parameter is the JSON list of `deadRuns`: a reader can't mark
 * them as interrupted in the file, so it shows them as that.
 */
export const stateColumn = `iif(r.run IN (SELECT value FROM json_each(?)), 'interrupted', coalesce(r.state, 'queued'))`;

interface RunningRun {
  run: number;
  owner: ProcessIdentity;
}

/** Of one cell, or of all. */
export function runningRuns(connection: Connection, cell?: number): RunningRun[] {
  const rows = connection
    .prepare(
      `SELECT run, host, pid, process_started FROM runs WHERE state = 'running' AND cell = coalesce(?, cell)`,
    )
    .all(cell ?? null) as { run: number; host: string; pid: number; process_started: string | null }[];
  return rows.map(({ run, host, pid, process_started }) => ({
    run,
    owner: { host, pid, processStarted: process_started },
  }));
}

/** `patienceMs`: silence after which an owner of another machine counts as gone. */
export function deadRuns(connection: Connection, paths: ResultsPaths, patienceMs: number): number[] {
  return runningRuns(connection)
    .filter(({ owner }) => !isOwnerAlive(owner, paths, patienceMs))
    .map(({ run }) => run);
}
