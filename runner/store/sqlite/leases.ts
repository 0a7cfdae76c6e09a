/**
 * Who runs which cell: the right to write a run's results until it expires. Its fence grows with every lease of a cell, and only who
 * has the newest may write.
 */
import { fateOf, type ProcessIdentity } from '../../../trainer/files/process-identity.js';
import { Silence } from '../../../trainer/files/silence.js';
import type { Connection } from './connection.js';

/** A lease is renewed this often; … */
export const renewMs = 2_000;
/** … and is over this long after the last time. */
export const leaseMs = 30_000;

/** A process by its identity, as JSON; anything else is judged by its renewals alone. */
export type Owner = string;

export const ownerOf = ({ host, pid, processStarted }: ProcessIdentity): Owner =>
  JSON.stringify({ host, pid, processStarted });

export interface Lease {
  cell: number;
  run: number;
  owner: Owner;
  fence: number;
  /** By the clock of the owner: for people. Whether it is over is found out by watching. */
  expiresMs: number;
  renewals: number;
  /** The run goes on without its runner: another may take it over. */
  outlives: boolean;
}

interface LeaseRow {
  cell: number;
  run: number;
  owner: string;
  fence: number;
  expires_ms: number;
  renewals: number;
  outlives: number;
}

export function leasesOf(connection: Connection, cell?: number): Lease[] {
  const rows = connection
    .prepare(
      'SELECT leases.*, ref IS NOT NULL AS outlives FROM leases JOIN runs USING (run) WHERE leases.cell = coalesce(?, leases.cell)',
    )
    .all(cell ?? null) as LeaseRow[];
  return rows.map(({ expires_ms, outlives, ...lease }) => ({
    ...lease,
    expiresMs: expires_ms,
    outlives: outlives === 1,
  }));
}

export function takeLease(
  connection: Connection,
  lease: Pick<Lease, 'cell' | 'run' | 'owner' | 'fence'>,
): void {
  connection
    .prepare('INSERT INTO leases (cell, run, owner, fence, expires_ms) VALUES (?, ?, ?, ?, ?)')
    .run(lease.cell, lease.run, lease.owner, lease.fence, Date.now() + leaseMs);
  connection
    .prepare('UPDATE cells SET fence = ?, last_event = 0 WHERE cell = ?')
    .run(lease.fence, lease.cell);
}

/** From now on another writes what the run tells, and nobody else. */
export function passLease(
  connection: Connection,
  { run, cell, owner, fence }: Pick<Lease, 'cell' | 'run' | 'owner' | 'fence'>,
): void {
  connection
    .prepare('UPDATE leases SET owner = ?, fence = ?, expires_ms = ?, renewals = renewals + 1 WHERE cell = ?')
    .run(owner, fence, Date.now() + leaseMs, cell);
  connection.prepare('UPDATE cells SET fence = ? WHERE cell = ?').run(fence, cell);
  connection.prepare('UPDATE runs SET fence = ? WHERE run = ?').run(fence, run);
}

/** From now on nobody writes results of the cell, until it is leased again. */
export function endLease(connection: Connection, cell: number): void {
  connection.prepare('DELETE FROM leases WHERE cell = ?').run(cell);
  connection.prepare('UPDATE cells SET fence = NULL WHERE cell = ?').run(cell);
}

/** Of all that an owner has; those that it has lost are not there any more. Returns how many it has. */
export const renewSql = 'UPDATE leases SET expires_ms = ?, renewals = renewals + 1 WHERE owner = ?';

/**
 * Tells which leases are over. An owner whose process can be looked for is judged by that; any other, and a suspended one, by
 * renewals that stay away while it is watched by one's own monotonic clock: no clock that is set can end a lease or keep it.
 */
export class LeaseWatch {
  readonly #silences = new Map<string, Silence>();

  /** `over`, or `held`; `unsure` while it is found out. */
  look(lease: Lease, patienceMs = leaseMs): 'over' | 'held' | 'unsure' {
    const process = processOf(lease.owner);
    const fate = process === undefined ? 'unknown' : fateOf(process);
    if (fate === 'gone') return 'over';
    if (fate === 'alive') return 'held';
    const key = `${lease.run} ${lease.fence}`;
    const silence = this.#silences.get(key) ?? new Silence();
    this.#silences.set(key, silence);
    silence.look(`${lease.renewals}`);
    if (silence.ms >= patienceMs) return 'over';
    return silence.isSure ? 'held' : 'unsure';
  }
}

/** `process 12 on host`; the owner's own name where it is no process. */
export function describeOwner(owner: Owner): string {
  const process = processOf(owner);
  return process === undefined ? owner : `process ${process.pid} on ${process.host}`;
}

function processOf(owner: Owner): ProcessIdentity | undefined {
  return owner.startsWith('{') ? (JSON.parse(owner) as ProcessIdentity) : undefined;
}
