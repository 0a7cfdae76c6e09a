import { parentPort, workerData } from 'node:worker_threads';
import type { KeeperOptions, KeeperRequest } from './lease-keeper.js';
import { leaseMs, renewMs, renewSql } from './leases.js';
import { type Database, defaultDriver, type Statement } from './sqlite.js';

const { path, owner } = workerData as KeeperOptions;
/** By run: those that are held, as far as is known here. */
const held = new Set<number>();
let database: Database | undefined;
let renew: Statement | undefined;

const beat = setInterval(() => {
  if (held.size === 0 || renew === undefined) return;
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

let isOver = false;
parentPort!.on('message', (request: KeeperRequest) => {
  if (request === 'end') end();
  else if (request.isHeld) held.add(request.run);
  else held.delete(request.run);
});

function end(): void {
  isOver = true;
  clearInterval(beat);
  parentPort!.close();
  database?.close();
  database = undefined;
}

const { DatabaseSync } = await defaultDriver();
// It may be told to end before it was up.
if (!isOver) {
  database = new DatabaseSync(path, { timeout: renewMs });
  renew = database.prepare(`${renewSql} RETURNING run`);
}
