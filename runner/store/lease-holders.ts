/** Whether the owners of leases are still there, as far as this process has seen. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './sqlite/connection.js';
import { describeOwner, LeaseWatch, leaseMs, leasesOf } from './sqlite/leases.js';

const pollMs = 50;

/** What is known of an owner comes of watching its leases, in each store. */
const watches = new Map<string, LeaseWatch>();

export function leaseWatchOf({ path }: Connection): LeaseWatch {
  const watch = watches.get(path) ?? new LeaseWatch();
  watches.set(path, watch);
  return watch;
}

/** Watches the leases of owners that can't be looked for until each was renewed, or not for so long. */
export async function settleLeases(
  connection: Connection,
  {
    patienceMs = leaseMs,
    onWait,
  }: { patienceMs?: number; onWait?: ((words: string) => void) | undefined } = {},
): Promise<void> {
  const watch = leaseWatchOf(connection);
  let isSaid = false;
  for (;;) {
    const unsure = leasesOf(connection).filter(lease => watch.look(lease, patienceMs) === 'unsure');
    if (unsure.length === 0) return;
    if (!isSaid)
      onWait?.(
        `watching ${unsure.length} running cell${unsure.length === 1 ? '' : 's'} of ${describeOwner(unsure[0]!.owner)}: without a sign of it in ${patienceMs / 1000} s it counts as gone`,
      );
    isSaid = true;
    await sleep(pollMs);
  }
}

/** Runs that are marked as running, and aren't any more; what was watched for `patienceMs` without a sign is one of them. */
export const deadRuns = (connection: Connection, patienceMs: number): number[] =>
  leasesOf(connection)
    .filter(lease => leaseWatchOf(connection).look(lease, patienceMs) === 'over')
    .map(({ run }) => run);
