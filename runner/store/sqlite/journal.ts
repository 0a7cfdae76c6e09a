/** The numbered changes of the store: a reader goes on after the last number that it saw. */
import type { Change, ChangeKind, Changes } from '../../domain/change.js';
import type { Connection } from './connection.js';

/** So many changes are kept at least, and twice as many at most; who comes later starts anew from a snapshot. */
const keptChanges = 20_000;

/** Adds a change within the transaction that makes it, so that nobody sees one without the other. `subject`: what it is of, beside a cell. */
export function addChange(
  connection: Connection,
  kind: ChangeKind,
  cell: number | null = null,
  subject: string | null = null,
): void {
  const { lastInsertRowid } = connection
    .prepare('INSERT INTO journal (time_ms, kind, cell, subject) VALUES (?, ?, ?, ?)')
    .run(Date.now(), kind, cell, subject);
  const number = Number(lastInsertRowid);
  if (number % keptChanges === 0)
    connection.prepare('DELETE FROM journal WHERE number <= ?').run(number - keptChanges);
}

/** Changes after number `after`, oldest first, at most `limit` of them. */
export function changesSince(connection: Connection, after: number, limit: number): Changes {
  const last = lastChange(connection);
  const first = connection.prepare('SELECT min(number) AS first FROM journal').get() as {
    first: number | null;
  };
  // What is asked for isn't kept any more; or the store was made anew since.
  if (after > last || (after < last && after + 1 < (first.first ?? last + 1)))
    return { isWhole: false, last, changes: [] };
  const changes = connection
    .prepare(
      `SELECT number, time_ms AS timeMs, kind, (SELECT cell_id FROM cells WHERE cells.cell = journal.cell) AS cellId, subject
       FROM journal WHERE number > ? ORDER BY number LIMIT ?`,
    )
    .all(after, limit) as Change[];
  return { isWhole: true, last: changes.at(-1)?.number ?? after, changes };
}

/** 0 before the first change. */
export function lastChange(connection: Connection): number {
  const row = connection.prepare('SELECT max(number) AS last FROM journal').get() as { last: number | null };
  return row.last ?? 0;
}
