import type { Connection } from './connection.js';

/**
 * Median wall seconds of an epoch, by cellId; none for cells without a measured one. The median, since the first epoch of a process
 * holds its warm-up.
 */
export function medianEpochSeconds(connection: Connection, cellIds: readonly string[]): Map<string, number> {
  const rows = connection
    .prepare(
      `SELECT cell_id AS cellId, avg(value) AS seconds FROM (
         SELECT c.cell_id, m.value, count(*) OVER cells AS epochs, row_number() OVER (cells ORDER BY m.value) AS place
         FROM json_each(?) wanted CROSS JOIN cells c ON c.cell_id = wanted.value CROSS JOIN metrics m ON m.cell = c.cell
         WHERE m.metric = (SELECT metric FROM metric_names WHERE name = 'seconds') AND m.value IS NOT NULL
         WINDOW cells AS (PARTITION BY c.cell))
       WHERE place IN ((epochs + 1) / 2, epochs / 2 + 1) GROUP BY cell_id`,
    )
    .all(JSON.stringify(cellIds)) as { cellId: string; seconds: number }[];
  return new Map(rows.map(({ cellId, seconds }) => [cellId, seconds]));
}
