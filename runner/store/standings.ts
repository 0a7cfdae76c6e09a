import type { RunState } from '../domain/run.js';
import type { Labels, Standing } from '../domain/stored.js';
import type { Connection } from './connection.js';
import { stateColumn } from './running-runs.js';

/** A number as JSON with every bit of it: SQLite's own JSON functions round to 15 digits. */
const exact = (value: string) => `iif(${value} IS NULL, 'null', format('%!.17g', ${value}))`;

type StandingRow = [
  position: number,
  family: string,
  state: RunState,
  cells: string,
  labels: Labels,
  values: number[],
  bestEpoch: number | null,
  epochs: number,
  lastValue: number | null,
  trainValue: number | null,
  seconds: number | null,
  validationImages: number | null,
];

/**
 * The leaderboard's query. It reads the cells' results in short and no metrics. Seeds are gathered in SQL and all comes as
 * one text, since handing a value to JavaScript costs more than finding it.
 */
const query = `
  SELECT '[' || coalesce(group_concat(row), '') || ']' AS rows FROM (
    SELECT format('[%d,"%s","%s",%s,%s,[%s],%s,%d,%s,%s,%s,%s]',
      min(g.position), c.family, ${stateColumn}, json_quote(group_concat(c.cell_id)), g.labels,
      group_concat(format('%!.17g', c.value)) FILTER (WHERE c.value IS NOT NULL),
      ${exact('avg(c.best_epoch)')}, max(c.epochs), ${exact('avg(c.last_value)')},
      ${exact('avg(c.train_value)')}, ${exact('avg(c.seconds)')}, coalesce(min(c.validation_images), 'null')) AS row
    FROM grid_cells g CROSS JOIN cells c USING (cell) LEFT JOIN runs r ON r.run = c.last_run
    WHERE g.grid = (SELECT grid FROM grids WHERE name = ?) AND g.present
    GROUP BY c.family, ${stateColumn})`;

/** In the order of the grid. `dead`: for `stateColumn`. */
export function standings(connection: Connection, dead: string, grid: string): Standing[] {
  const { rows } = connection.prepare(query).get(dead, grid, dead) as { rows: string };
  return (JSON.parse(rows) as StandingRow[]).sort((a, b) => a[0] - b[0]).map(toStanding);
}

function toStanding(row: StandingRow): Standing {
  const [, family, state, cells, labels, values, bestEpoch, epochs, lastValue, trainValue, seconds, images] =
    row;
  return {
    family,
    state,
    cells: cells.split(','),
    labels,
    values,
    bestEpoch,
    epochs,
    lastValue,
    trainValue,
    seconds,
    validationImages: images,
  };
}
