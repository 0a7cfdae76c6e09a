import type { Curve } from '../../domain/stored.js';
import type { Connection } from './connection.js';
import { exact } from './exact.js';

/** Values of some metrics by epoch, cell by cell in the order of `cellIds`; a metric that a cell doesn't have is left out. */
export function curves(
  connection: Connection,
  cellIds: readonly string[],
  metrics: readonly string[],
): Curve[] {
  // A text for each curve: handing a value to JavaScript costs more than finding it.
  const rows = connection
    .prepare(
      `SELECT c.cell_id AS cellId, n.name AS metric, '[' || group_concat(format('[%d,%s]', m.epoch, ${exact('m.value')})) || ']' AS points
       FROM json_each(?) wanted CROSS JOIN cells c ON c.cell_id = wanted.value CROSS JOIN metrics m ON m.cell = c.cell
       JOIN metric_names n USING (metric) WHERE n.name IN (SELECT value FROM json_each(?))
       GROUP BY wanted.key, m.metric ORDER BY wanted.key, m.metric`,
    )
    .all(JSON.stringify(cellIds), JSON.stringify(metrics)) as {
    cellId: string;
    metric: string;
    points: string;
  }[];
  return rows.map(({ points, ...row }) => ({
    ...row,
    points: (JSON.parse(points) as [number, number | null][]).sort(([a], [b]) => a - b),
  }));
}
