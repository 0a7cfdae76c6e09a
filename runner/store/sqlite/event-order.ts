/** What a run writes: only while it has the lease, and each numbered event once and in order; within a transaction of the caller. */
import type { RunHandle } from '../run-store.js';
import type { Connection } from './connection.js';
import { addChange } from './journal.js';

/**
 * Takes the event of this number, if it is the next one of a run that has the lease; without a number, whatever that run writes.
 * `known`: it was taken before, or comes before its turn, and will be sent again; `refused`: the run has no lease, which is counted.
 */
export function takeEvent(
  connection: Connection,
  cell: number,
  { attempt, fence }: RunHandle,
  number?: number,
): 'new' | 'known' | 'refused' {
  const now = connection.prepare('SELECT fence, last_event AS last FROM cells WHERE cell = ?').get(cell) as {
    fence: number | null;
    last: number;
  };
  if (now.fence === fence) {
    if (number === undefined) return 'new';
    if (number !== now.last + 1) return 'known';
    connection.prepare('UPDATE cells SET last_event = ? WHERE cell = ?').run(number, cell);
    return 'new';
  }
  if (number !== undefined && number <= now.last && isLastRun(connection, cell, attempt)) return 'known';
  connection
    .prepare('UPDATE runs SET refused = refused + 1 WHERE cell = ? AND attempt = ?')
    .run(cell, attempt);
  addChange(connection, 'refused', cell);
  return 'refused';
}

/** Of earlier runs it isn't known any more what they had told. */
function isLastRun(connection: Connection, cell: number, attempt: number): boolean {
  const row = connection.prepare('SELECT max(attempt) AS last FROM runs WHERE cell = ?').get(cell) as {
    last: number;
  };
  return row.last === attempt;
}
