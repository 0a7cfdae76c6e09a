import type { RunState } from '../domain/run.js';
import type { Labels, Standing } from '../domain/stored.js';
import type { Connection } from './connection.js';
import { joinRuns } from './rows.js';
import { stateColumn } from './running-runs.js';

interface StandingRow {
  family: string;
  state: RunState;
  cells: string;
  labels: string;
  values: string | null;
  best_epoch: number | null;
  epochs: number;
  last_value: number | null;
  train_value: number | null;
  seconds: number | null;
  validation_images: number | null;
}

/**
 * The leaderboard's query. It reads one summary row a cell and metric and no metrics, and gathers seeds in
 * SQL, since handing a row to JavaScript costs more than finding it. `%!.17g` keeps every bit of a value.
 */
export function standings(connection: Connection, dead: string, grid: string): Standing[] {
  const rows = connection
    .prepare(
      `SELECT c.family, ${stateColumn} AS state,
         group_concat(c.cell_id) AS cells, g.labels, min(g.position) AS position,
         group_concat(format('%!.17g', objective.at_best)) FILTER (WHERE objective.at_best IS NOT NULL) AS "values",
         avg(c.best_epoch) AS best_epoch, max(c.epochs) AS epochs, avg(objective.last) AS last_value,
         avg(train.at_best) AS train_value, avg(seconds.total) AS seconds, min(t.validation_images) AS validation_images
       FROM grids CROSS JOIN grid_cells g USING (grid) CROSS JOIN cells c USING (cell)
       ${joinRuns}
       LEFT JOIN metric_summary objective ON objective.cell = c.cell AND objective.metric = c.objective_metric
       LEFT JOIN metric_summary train ON train.cell = c.cell AND train.metric =
         (SELECT metric FROM metric_names WHERE name = replace(grids.objective_metric, 'validation', 'train')
            AND grids.objective_metric LIKE 'validation%')
       LEFT JOIN metric_summary seconds ON seconds.cell = c.cell AND seconds.metric =
         (SELECT metric FROM metric_names WHERE name = 'seconds')
       WHERE grids.name = ? AND g.present GROUP BY c.family, 2 ORDER BY position`,
    )
    .all(dead, grid) as StandingRow[];
  return rows.map(row => ({
    family: row.family,
    state: row.state,
    cells: row.cells.split(','),
    labels: JSON.parse(row.labels) as Labels,
    values: row.values === null ? [] : row.values.split(',').map(Number),
    bestEpoch: row.best_epoch,
    epochs: row.epochs,
    lastValue: row.last_value,
    trainValue: row.train_value,
    seconds: row.seconds,
    validationImages: row.validation_images,
  }));
}
