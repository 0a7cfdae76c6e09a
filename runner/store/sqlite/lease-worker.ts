import { parentPort, workerData } from 'node:worker_threads';
import type { Beat, KeeperOptions } from './lease-keeper.js';
import { leaseMs, renewMs, renewSql } from './leases.js';
import { type Database, defaultDriver, type Statement } from './sqlite.js';

const { path, owner, counts } = workerData as KeeperOptions;
let database: Database | undefined;
let renew: Statement | undefined;

const beat = setInterval(() => {
  if (Atomics.load(counts, 0) === 0 || renew === undefined) return;
  const taken = Atomics.load(counts, 1);
  try {
    const rows = renew.all(Date.now() + leaseMs, owner) as { run: number }[];
    parentPort!.postMessage({ taken, renewedRuns: rows.map(({ run }) => run) } satisfies Beat);
  } catch {
    // A full disk, or another's long transaction: the next beat may succeed.
  }
}, renewMs);

let isOver = false;
parentPort!.on('message', end);

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
