import { parentPort, workerData } from 'node:worker_threads';
import type { KeeperOptions, KeeperRequest } from './lease-keeper.js';
import { leaseMs, renewMs, renewSql } from './leases.js';
import { defaultDriver } from './sqlite.js';

const { path, owner } = workerData as KeeperOptions;
/** By run: whether it was found to be held. */
const held = new Set<number>();

parentPort!.on('message', ({ run, isHeld }: KeeperRequest) => {
  if (isHeld) held.add(run);
  else held.delete(run);
});

const { DatabaseSync } = await defaultDriver();
const database = new DatabaseSync(path, { timeout: renewMs });
const renew = database.prepare(`${renewSql} RETURNING run`);

setInterval(() => {
  if (held.size === 0) return;
  try {
    const rows = renew.all(Date.now() + leaseMs, owner) as { run: number }[];
    const renewed = new Set(rows.map(({ run }) => run));
    for (const run of held)
      if (!renewed.has(run)) {
        held.delete(run);
        parentPort!.postMessage(run);
      }
  } catch {
    // A full disk, or another's long transaction: the next beat may succeed.
  }
}, renewMs);
