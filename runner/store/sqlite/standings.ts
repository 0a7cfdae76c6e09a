import type { FailureClass } from '../../domain/run.js';
import type { RunState } from '../../domain/run-state.js';
import type { Labels, Standing } from '../../domain/stored.js';
import { cellsByObjective } from './by-objective.js';
import { stateColumn } from './cell-state.js';
import type { Connection } from './connection.js';
import { exact } from './exact.js';

/** Whether its value comes from fewer epochs than asked. */
const isShort = '(c.value IS NOT NULL AND c.epochs < c.epochs_asked)';

/** Whether the last epoch reported the objective as NaN: one that leaves it out doesn't. Looks at a metric only where there is no last value. */
const endsInNaN = `(c.last_value IS NULL AND EXISTS (SELECT 1 FROM metrics m
    WHERE m.cell = c.cell AND m.epoch = c.epochs AND m.metric = (SELECT metric FROM objective) AND m.value IS NULL))`;

/** What is to be said of a cell beside its numbers; most have none, and what is left out costs neither SQLite nor JSON anything. */
const remark = `iif(${isShort} OR c.stale IS NOT NULL OR r.state = 'failed' OR ${endsInNaN},
    format('[%d,%d,%d,%d,%s,%s]', c.value IS NOT NULL, c.epochs, ${isShort}, ${endsInNaN},
      coalesce(iif(r.state = 'failed', '"' || r.failure_class || '"', NULL), 'null'), coalesce(c.stale, '[]')), NULL)`;

/** NULLs are left out. */
const list = (values: string, separator = ',') => `coalesce(group_concat(${values}, '${separator}'), '')`;
const orNull = (value: string) => `coalesce(${value}, 'null')`;

/** The values of `Row` in JSON, `%` for what the SQL of the cells of one family in one state gives. */
const fields: readonly (readonly [json: string, sql: string])[] = [
  ['%d', 'min(g.position)'],
  ['"%s"', 'c.family'],
  ['"%s"', stateColumn],
  ['["%s"]', list('c.cell_id', '","')],
  ['%s', 'g.labels'],
  ['[%s]', list(`iif(c.value IS NULL, NULL, format('%!.17g', c.value))`)],
  ['%s', exact('avg(c.best_epoch)')],
  ['%d', 'max(c.epochs)'],
  ['%s', exact('avg(c.last_value)')],
  ['%s', exact('avg(c.train_value)')],
  ['%s', exact('avg(c.seconds)')],
  ['%s', orNull('min(c.validation_images)')],
  ['%s', orNull('max(c.epochs_asked)')],
  ['[%s]', list(remark)],
];

/**
 * The leaderboard's query. It reads the cells' results in short, and metrics only of cells without a last value. Seeds are gathered in
 * SQL and each row comes as one text, since handing a value to JavaScript costs more than finding it.
 */
const queryOf = (cells: string) => `
  WITH objective (metric) AS (
    SELECT metric FROM metric_names WHERE name = (SELECT objective_metric FROM grids WHERE name = ?))
  SELECT format('[${fields.map(([json]) => json).join(',')}]', ${fields.map(([, sql]) => sql).join(', ')}) AS row
  FROM grid_cells g CROSS JOIN ${cells} c USING (cell) LEFT JOIN runs r ON r.run = c.last_run
  WHERE g.grid = (SELECT grid FROM grids WHERE name = ?) AND g.present
  GROUP BY c.family, ${stateColumn}`;

/** In the order of the grid. `dead`: for `stateColumn`. */
export function standings(connection: Connection, dead: string, grid: string): Standing[] {
  const texts = connection
    .prepare(queryOf(cellsByObjective(connection, grid)))
    .all(grid, dead, grid, dead) as { row: string }[];
  const found: { position: number; standing: Standing }[] = [];
  // Parsed some at a time: one by one takes longer, and all at once keeps all rows in memory.
  for (let start = 0; start < texts.length; start += parsedTogether) {
    const some = texts.slice(start, start + parsedTogether).map(({ row }) => row);
    for (const row of JSON.parse(`[${some.join(',')}]`) as Row[])
      found.push({ position: row[0], standing: toStanding(row) });
  }
  return found.sort((a, b) => a.position - b.position).map(({ standing }) => standing);
}

const parsedTogether = 128;

/** In order: with names the text would be twice as long. */
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
  remarks: Remark[],
];

type Remark = [
  hasValue: 0 | 1,
  epochs: number,
  isShort: 0 | 1,
  endsInNaN: 0 | 1,
  failure: FailureClass | null,
  staleReasons: string[],
];

// By index: twice as fast as taking the list apart.
function toStanding(row: Row): Standing {
  const remarks = row[13].length === 0 ? unremarkable : remarked(row[13]);
  return {
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
    shortCells: remarks.shortCells,
    fewestEpochs: remarks.fewestEpochs,
    nanCells: remarks.nanCells,
    endedInNaN: remarks.endedInNaN,
    failures: remarks.failures,
    staleCells: remarks.staleCells,
    staleReasons: remarks.staleReasons,
  };
}

type Remarked = Pick<
  Standing,
  'shortCells' | 'fewestEpochs' | 'nanCells' | 'endedInNaN' | 'failures' | 'staleCells' | 'staleReasons'
>;

function remarked(remarks: readonly Remark[]): Remarked {
  const count = (isCounted: (remark: Remark) => boolean) => remarks.filter(isCounted).length;
  const short = remarks.filter(([, , isShort]) => isShort === 1).map(([, epochs]) => epochs);
  return {
    shortCells: short.length,
    fewestEpochs: short.length === 0 ? 0 : Math.min(...short),
    nanCells: count(([hasValue, , , endsInNaN]) => hasValue === 0 && endsInNaN === 1),
    endedInNaN: count(([hasValue, , , endsInNaN]) => hasValue === 1 && endsInNaN === 1),
    failures: remarks.flatMap(([, , , , failure]) => failure ?? []),
    staleCells: count(([, , , , , reasons]) => reasons.length > 0),
    staleReasons: [...new Set(remarks.flatMap(([, , , , , reasons]) => reasons))],
  };
}

const unremarkable: Remarked = remarked([]);
