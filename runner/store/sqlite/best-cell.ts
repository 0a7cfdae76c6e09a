import type { BestCell, Labels } from '../../domain/stored.js';
import { cellsByObjective } from './by-objective.js';
import type { Connection } from './connection.js';

/** The present cell of a grid with the best value of its objective so far; null: none has a value. */
export function bestCell(connection: Connection, grid: string): BestCell | null {
  const row = connection
    .prepare(
      `SELECT c.cell_id AS cellId, g.labels, c.value, c.best_epoch AS epoch
       FROM grids CROSS JOIN grid_cells g USING (grid) CROSS JOIN ${cellsByObjective(connection, grid)} c USING (cell)
       WHERE grids.name = ? AND g.present AND c.value IS NOT NULL
       ORDER BY iif(grids.objective_direction = 'maximize', -c.value, c.value), g.position LIMIT 1`,
    )
    .get(grid) as (Omit<BestCell, 'labels'> & { labels: string }) | undefined;
  return row === undefined ? null : { ...row, labels: JSON.parse(row.labels) as Labels };
}
