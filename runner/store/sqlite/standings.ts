import type { FailureClass } from '../../domain/run.js';
import type { RunState } from '../../domain/run-state.js';
import type { Labels, Standing } from '../../domain/stored.js';
import { stateColumn } from './cell-state.js';
import type { Connection } from './connection.js';
import { exact } from './exact.js';

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
  ...Basis,
];

/** What the values rest on. */
type Basis = [
  epochsAsked: number | null,
  fewestEpochs: number,
  shortCells: number,
  nanCells: number,
  endedInNaN: number,
  failures: string,
  staleCells: number,
  staleLists: string[],
];

/** Whether its value comes from fewer epochs than asked. */
const isShort = 'c.value IS NOT NULL AND c.epochs < c.epochs_asked';

/** Whether the last epoch reported the objective as NaN: one that leaves it out doesn't. Looks at a metric only where there is no last value. */
const endsInNaN = `(c.last_value IS NULL AND EXISTS (SELECT 1 FROM metrics m
    WHERE m.cell = c.cell AND m.epoch = c.epochs AND m.metric = (SELECT metric FROM objective) AND m.value IS NULL))`;

/**
 * The leaderboard's query. It reads the cells' results in short, and metrics only of cells without a last value. Seeds are gathered in SQL and all comes as
 * one text, since handing a value to JavaScript costs more than finding it.
 */
const query = `
  WITH objective (metric) AS (
    SELECT metric FROM metric_names WHERE name = (SELECT objective_metric FROM grids WHERE name = ?))
  SELECT '[' || coalesce(group_concat(row), '') || ']' AS rows FROM (
    SELECT format('[%d,"%s","%s",%s,%s,[%s],%s,%d,%s,%s,%s,%s,%s,%d,%d,%d,%d,"%s",%d,%s]',
      min(g.position), c.family, ${stateColumn}, json_quote(group_concat(c.cell_id)), g.labels,
      group_concat(format('%!.17g', c.value)) FILTER (WHERE c.value IS NOT NULL),
      ${exact('avg(c.best_epoch)')}, max(c.epochs), ${exact('avg(c.last_value)')},
      ${exact('avg(c.train_value)')}, ${exact('avg(c.seconds)')}, coalesce(min(c.validation_images), 'null'),
      coalesce(max(c.epochs_asked), 'null'), coalesce(min(c.epochs) FILTER (WHERE ${isShort}), 0), count(*) FILTER (WHERE ${isShort}),
      sum(c.value IS NULL AND ${endsInNaN}), sum(c.value IS NOT NULL AND ${endsInNaN}),
      coalesce(group_concat(iif(r.state = 'failed', r.failure_class, NULL)), ''),
      count(c.stale), json_group_array(DISTINCT c.stale) FILTER (WHERE c.stale IS NOT NULL)) AS row
    FROM grid_cells g CROSS JOIN cells c USING (cell) LEFT JOIN runs r ON r.run = c.last_run
    WHERE g.grid = (SELECT grid FROM grids WHERE name = ?) AND g.present
    GROUP BY c.family, ${stateColumn})`;

/** In the order of the grid. `dead`: for `stateColumn`. */
export function standings(connection: Connection, dead: string, grid: string): Standing[] {
  const { rows } = connection.prepare(query).get(grid, dead, grid, dead) as { rows: string };
  return (JSON.parse(rows) as StandingRow[]).sort((a, b) => a[0] - b[0]).map(toStanding);
}

function toStanding(row: StandingRow): Standing {
  const [, family, state, cells, labels, values, bestEpoch, epochs, ...rest] = row;
  const [lastValue, trainValue, seconds, validationImages, ...basis] = rest;
  const [epochsAsked, fewestEpochs, shortCells, nanCells, endedInNaN, failures, staleCells, stale] = basis;
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
    validationImages,
    epochsAsked,
    fewestEpochs,
    shortCells,
    nanCells,
    endedInNaN,
    failures: failures === '' ? [] : (failures.split(',') as FailureClass[]),
    staleCells,
    staleReasons: [...new Set(stale.flatMap(list => JSON.parse(list) as string[]))],
  };
}
