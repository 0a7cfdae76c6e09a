import type { FailureClass } from '../../domain/run.js';
import type { RunState } from '../../domain/run-state.js';
import type { Labels, Standing } from '../../domain/stored.js';
import { cellsByObjective } from './by-objective.js';
import { stateColumn } from './cell-state.js';
import type { Connection } from './connection.js';
import { exact } from './exact.js';

/** Whether its value comes from fewer epochs than asked. */
const isShort = 'c.value IS NOT NULL AND c.epochs < c.epochs_asked';

/** Whether the last epoch reported the objective as NaN: one that leaves it out doesn't. Looks at a metric only where there is no last value. */
const endsInNaN = `(c.last_value IS NULL AND EXISTS (SELECT 1 FROM metrics m
    WHERE m.cell = c.cell AND m.epoch = c.epochs AND m.metric = (SELECT metric FROM objective) AND m.value IS NULL))`;

/** NULLs are left out. */
const list = (values: string, separator = ',') => `coalesce(group_concat(${values}, '${separator}'), '')`;
const orNull = (value: string) => `coalesce(${value}, 'null')`;

/** Each field in JSON, `%` for what the SQL of the cells of one family in one state gives; first its place in the grid. */
const fields: Record<'position' | keyof Standing, readonly [json: string, sql: string]> = {
  position: ['%d', 'min(g.position)'],
  family: ['"%s"', 'c.family'],
  state: ['"%s"', stateColumn],
  cells: ['["%s"]', list('c.cell_id', '","')],
  labels: ['%s', 'g.labels'],
  values: ['[%s]', list(`iif(c.value IS NULL, NULL, format('%!.17g', c.value))`)],
  bestEpoch: ['%s', exact('avg(c.best_epoch)')],
  epochs: ['%d', 'max(c.epochs)'],
  lastValue: ['%s', exact('avg(c.last_value)')],
  trainValue: ['%s', exact('avg(c.train_value)')],
  seconds: ['%s', exact('avg(c.seconds)')],
  validationImages: ['%s', orNull('min(c.validation_images)')],
  epochsAsked: ['%s', orNull('max(c.epochs_asked)')],
  shortCells: ['%d', `count(*) FILTER (WHERE ${isShort})`],
  fewestEpochs: ['%d', `coalesce(min(c.epochs) FILTER (WHERE ${isShort}), 0)`],
  nanCells: ['%d', `sum(c.value IS NULL AND ${endsInNaN})`],
  endedInNaN: ['%d', `sum(c.value IS NOT NULL AND ${endsInNaN})`],
  failures: ['[%s]', list(`iif(r.state = 'failed', '"' || r.failure_class || '"', NULL)`)],
  staleCells: ['%d', 'count(c.stale)'],
  // A stored list is the JSON of one: without its brackets, one follows the other.
  staleReasons: ['[%s]', list(`nullif(trim(c.stale, '[]'), '')`)],
};
const json = Object.values(fields).map(([format]) => format);
const sql = Object.values(fields).map(([, expression]) => expression);

/**
 * The leaderboard's query. It reads the cells' results in short, and metrics only of cells without a last value. Seeds are gathered in SQL and all comes as
 * one text, since handing a value to JavaScript costs more than finding it.
 */
const queryOf = (cells: string) => `
  WITH objective (metric) AS (
    SELECT metric FROM metric_names WHERE name = (SELECT objective_metric FROM grids WHERE name = ?))
  SELECT '[' || coalesce(group_concat(row), '') || ']' AS rows FROM (
    SELECT format('[${json.join(',')}]', ${sql.join(', ')}) AS row
    FROM grid_cells g CROSS JOIN ${cells} c USING (cell) LEFT JOIN runs r ON r.run = c.last_run
    WHERE g.grid = (SELECT grid FROM grids WHERE name = ?) AND g.present
    GROUP BY c.family, ${stateColumn})`;

/** In the order of the grid. `dead`: for `stateColumn`. */
export function standings(connection: Connection, dead: string, grid: string): Standing[] {
  const { rows } = connection
    .prepare(queryOf(cellsByObjective(connection, grid)))
    .get(grid, dead, grid, dead) as { rows: string };
  const found = (JSON.parse(rows) as Row[]).sort((a, b) => a[0] - b[0]);
  return found.map(toStanding);
}

/** The values of `fields` in their order: with their names the text would be twice as long. */
type Row = [
  position: number,
  family: string,
  state: RunState,
  cells: string[],
  labels: Labels,
  values: number[],
  bestEpoch: number | null,
  epochs: number,
  lastValue: number | null,
  trainValue: number | null,
  seconds: number | null,
  validationImages: number | null,
  epochsAsked: number | null,
  shortCells: number,
  fewestEpochs: number,
  nanCells: number,
  endedInNaN: number,
  failures: FailureClass[],
  staleCells: number,
  staleReasons: string[],
];

// By index: twice as fast as taking the list apart.
const toStanding = (row: Row): Standing => ({
  family: row[1],
  state: row[2],
  cells: row[3],
  labels: row[4],
  values: row[5],
  bestEpoch: row[6],
  epochs: row[7],
  lastValue: row[8],
  trainValue: row[9],
  seconds: row[10],
  validationImages: row[11],
  epochsAsked: row[12],
  shortCells: row[13],
  fewestEpochs: row[14],
  nanCells: row[15],
  endedInNaN: row[16],
  failures: row[17],
  staleCells: row[18],
  staleReasons: row[18] === 0 ? none : [...new Set(row[19])],
});

const none: readonly string[] = [];
