import type { RunState } from '../domain/run.js';
import type { Labels, Standing } from '../domain/stored.js';
import type { Connection } from './connection.js';
import { stateColumn } from './running-runs.js';

/** A number as text with every bit of it: SQLite's JSON would round it to 15 digits. */
const exact = (value: string) => `iif(${value} IS NULL, NULL, format('%!.17g', ${value}))`;

type StandingRow = [
  family: string,
  state: RunState,
  cells: string,
  labels: Labels,
  values: string | null,
  bestEpoch: string | null,
  epochs: number,
  lastValue: string | null,
  trainValue: string | null,
  seconds: string | null,
  validationImages: number | null,
];

/**
 * The leaderboard's query. It reads the cells' results in short and no metrics. Seeds are gathered in SQL and a row comes as
 * one text, since handing a value to JavaScript costs more than finding it.
 */
const query = `
  SELECT json_array(
    c.family, ${stateColumn}, group_concat(c.cell_id), json(g.labels), group_concat(format('%!.17g', c.value)) FILTER (WHERE c.value IS NOT NULL),
    ${exact('avg(c.best_epoch)')}, max(c.epochs), ${exact('avg(c.last_value)')}, ${exact('avg(c.train_value)')},
    ${exact('avg(c.seconds)')}, min(c.validation_images)) AS row
  FROM grid_cells g CROSS JOIN cells c USING (cell) LEFT JOIN runs r ON r.run = c.last_run
  WHERE g.grid = (SELECT grid FROM grids WHERE name = ?) AND g.present
  GROUP BY c.family, ${stateColumn} ORDER BY min(g.position)`;

/** `dead`: for `stateColumn`. */
export function standings(connection: Connection, dead: string, grid: string): Standing[] {
  const rows = connection.prepare(query).all(dead, grid, dead) as { row: string }[];
  return rows.map(({ row }) => toStanding(JSON.parse(row) as StandingRow));
}

function toStanding(row: StandingRow): Standing {
  const [family, state, cells, labels, values, bestEpoch, epochs, lastValue, trainValue, seconds, images] =
    row;
  return {
    family,
    state,
    cells: cells.split(','),
    labels,
    values: values === null ? [] : values.split(',').map(Number),
    bestEpoch: toNumber(bestEpoch),
    epochs,
    lastValue: toNumber(lastValue),
    trainValue: toNumber(trainValue),
    seconds: toNumber(seconds),
    validationImages: images,
  };
}

const toNumber = (text: string | null) => (text === null ? null : Number(text));
