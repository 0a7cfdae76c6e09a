/**
 * A cell's results in short are by one objective, and grids that have the cell may have others. What a grid asks for by another one
 * is computed from the metrics; the grid that was registered last has it at hand.
 */
import { type Objective, trainingCounterpart } from '../../domain/metric.js';
import type { Connection } from './connection.js';

interface GridObjective extends Objective {
  grid: number;
}

/** What a query is to take as `cells`, so that values are by the objective of the grid; the table itself where they are already. */
export function cellsByObjective(connection: Connection, name: string): string {
  const grid = objectiveOf(connection, name);
  return grid === undefined || !hasOthers(connection, grid) ? 'cells' : derived(connection, grid);
}

/**
 * The cells of the grid are summed up by its objective from now on, but those that are running: whoever runs them sums up by the
 * one that they have. Within a transaction of the caller.
 */
export function adoptObjective(connection: Connection, name: string): void {
  const grid = objectiveOf(connection, name);
  if (grid === undefined || !hasOthers(connection, grid)) return;
  const columns = dependent.join(', ');
  connection
    .prepare(
      `UPDATE cells SET (${columns}) = (SELECT ${columns} FROM ${derived(connection, grid)} d WHERE d.cell = cells.cell)
       WHERE ${isOther} AND cell IN (SELECT cell FROM grid_cells WHERE grid = ?3 AND present)
         AND cell NOT IN (SELECT cell FROM leases)`,
    )
    .run(grid.metric, grid.direction, grid.grid);
}

const isOther = '(objective_metric, objective_direction) IS NOT (?1, ?2)';

function objectiveOf(connection: Connection, name: string): GridObjective | undefined {
  return connection
    .prepare(
      'SELECT grid, objective_metric AS metric, objective_direction AS direction FROM grids WHERE name = ?',
    )
    .get(name) as GridObjective | undefined;
}

/** Where all cells of the store have one objective, a few looks at the index: most stores, and the grid may have 100,000 cells. */
function hasOthers(connection: Connection, { grid, metric, direction }: GridObjective): boolean {
  const other = (condition: string) =>
    `SELECT 1 FROM cells WHERE ${condition} AND EXISTS (SELECT 1 FROM grid_cells g WHERE g.grid = ?3 AND g.cell = cells.cell)`;
  // Of a comparison of pairs SQLite uses the first half alone to search.
  const conditions = [
    ...['objective_metric < ?1', 'objective_metric > ?1', 'objective_metric IS NULL'],
    'objective_metric = ?1 AND objective_direction < ?2',
    'objective_metric = ?1 AND objective_direction > ?2',
  ];
  return (
    connection
      .prepare(`SELECT 1 FROM (${conditions.map(other).join(' UNION ALL ')}) LIMIT 1`)
      .get(metric, direction, grid) !== undefined
  );
}

/** Columns of `cells` that depend on the objective. */
const dependent = [
  ...['objective_metric', 'objective_direction'],
  ...['best_epoch', 'value', 'last_value', 'train_value'],
];

/** As `summary.ts` sums up: the first epoch with the best value, NaN (null) never. */
function derived(connection: Connection, { grid, metric, direction }: GridObjective): string {
  const numberOf = (name: string | null) =>
    (
      connection.prepare('SELECT metric FROM metric_names WHERE name = ?').get(name) as
        | { metric: number }
        | undefined
    )?.metric ?? -1;
  const columns = connection.prepare('PRAGMA table_info(cells)').all() as { name: string }[];
  const others = columns.map(({ name }) => name).filter(name => !dependent.includes(name));
  const own = numberOf(metric);
  const order = direction === 'maximize' ? 'DESC' : 'ASC';
  const valueAt = (epoch: string, of: number) =>
    `(SELECT m.value FROM metrics m WHERE m.cell = b.cell AND m.epoch = ${epoch} AND m.metric = ${of})`;
  return `(
    SELECT b.*, ${valueAt('b.best_epoch', own)} AS value, ${valueAt('b.epochs', own)} AS last_value,
      ${valueAt('b.best_epoch', numberOf(trainingCounterpart({ metric, direction })))} AS train_value
    FROM (
      SELECT ${others.join(', ')},
        (SELECT objective_metric FROM grids WHERE grid = ${grid}) AS objective_metric,
        (SELECT objective_direction FROM grids WHERE grid = ${grid}) AS objective_direction,
        (SELECT m.epoch FROM metrics m WHERE m.cell = cells.cell AND m.metric = ${own} AND m.value IS NOT NULL
         ORDER BY m.value ${order}, m.epoch LIMIT 1) AS best_epoch
      FROM cells) b)`;
}
