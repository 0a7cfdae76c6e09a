/** The events of a run: numbered from 1, each taken once, in order, from whoever has the lease; within a transaction of the caller. */
import type { Connection } from './connection.js';
import { addChange } from './journal.js';

/**
 * Takes the event of this number, if it is the next one of a run that has the lease. `known`: it was taken before, or comes before its
 * turn, and will be sent again; `refused`: the run has no lease, which is counted.
 */
export function takeEvent(
  connection: Connection,
  cell: number,
  attempt: number,
  number: number,
): 'new' | 'known' | 'refused' {
  const { changes } = connection
    .prepare('UPDATE cells SET last_event = ?1 WHERE cell = ?2 AND fence = ?3 AND last_event = ?1 - 1')
    .run(number, cell, attempt);
  if (Number(changes) === 1) return 'new';
  const { fence } = connection.prepare('SELECT fence FROM cells WHERE cell = ?').get(cell) as {
    fence: number | null;
  };
  if (fence === attempt || number <= lastEvent(connection, cell, attempt)) return 'known';
  connection
    .prepare('UPDATE runs SET refused = refused + 1 WHERE cell = ? AND attempt = ?')
    .run(cell, attempt);
  addChange(connection, 'refused', cell);
  return 'refused';
}

/** Number of the last event of a run; 0 where that isn't known any more, since the cell has a later run. */
export function lastEvent(connection: Connection, cell: number, attempt: number): number {
  const row = connection
    .prepare(
      'SELECT iif((SELECT max(attempt) FROM runs WHERE runs.cell = cells.cell) = ?, last_event, 0) AS last FROM cells WHERE cell = ?',
    )
    .get(attempt, cell) as { last: number };
  return row.last;
}
