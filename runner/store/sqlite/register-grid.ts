import type { CellRecord, GridRecord } from '../../domain/stored.js';
import { adoptObjective } from './by-objective.js';
import type { Connection } from './connection.js';
import { familyOf } from './family.js';

/** Of cells whose grid isn't known: those of a rebuilt store. A grid that registers them takes them out of it. */
export const rebuiltGrid = '(rebuilt)';

/** Stores a grid and its cells; within a transaction of the caller. */
export function registerGrid(connection: Connection, grid: GridRecord, cells: readonly CellRecord[]): void {
  const { grid: gridNumber } = connection
    .prepare(
      `INSERT INTO grids (name, description, file, objective_metric, objective_direction, hash, registered_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET description = excluded.description, file = excluded.file, hash = excluded.hash,
         objective_metric = excluded.objective_metric, objective_direction = excluded.objective_direction,
         registered_ms = excluded.registered_ms
       RETURNING grid`,
    )
    .get(
      grid.name,
      grid.description,
      grid.file,
      grid.objective.metric,
      grid.objective.direction,
      grid.hash,
      Date.now(),
    ) as { grid: number };
  connection.prepare('UPDATE grid_cells SET present = 0 WHERE grid = ?').run(gridNumber);
  const place = connection.prepare(
    `INSERT INTO grid_cells (grid, cell, position, present, labels) VALUES (?, ?, ?, 1, ?)
     ON CONFLICT DO UPDATE SET position = excluded.position, present = 1, labels = excluded.labels`,
  );
  for (const [position, cell] of cells.entries())
    place.run(gridNumber, storeCell(connection, cell), position, JSON.stringify(cell.labels));
  adoptObjective(connection, grid.name);
  if (grid.name !== rebuiltGrid) takeFromRebuilt(connection, gridNumber);
}

function takeFromRebuilt(connection: Connection, grid: number): void {
  const rebuilt = connection.prepare('SELECT grid FROM grids WHERE name = ?').get(rebuiltGrid) as
    | { grid: number }
    | undefined;
  if (rebuilt === undefined) return;
  connection
    .prepare('DELETE FROM grid_cells WHERE grid = ? AND cell IN (SELECT cell FROM grid_cells WHERE grid = ?)')
    .run(rebuilt.grid, grid);
  connection
    .prepare('DELETE FROM grids WHERE grid = ?1 AND NOT EXISTS (SELECT 1 FROM grid_cells WHERE grid = ?1)')
    .run(rebuilt.grid);
}

/** The number of the cell. Where its data lies may have changed since, so its RunSpec is brought up to date. */
function storeCell(connection: Connection, { cellId, spec }: CellRecord): number {
  const text = JSON.stringify(spec);
  const known = connection
    .prepare('SELECT cell, spec FROM cells JOIN specs USING (cell) WHERE cell_id = ?')
    .get(cellId) as { cell: number; spec: string } | undefined;
  if (known !== undefined) {
    if (known.spec !== text)
      connection.prepare('UPDATE specs SET spec = ? WHERE cell = ?').run(text, known.cell);
    return known.cell;
  }
  const { lastInsertRowid } = connection
    .prepare(
      `INSERT INTO cells (cell_id, family, epochs_asked, objective_metric, objective_direction) VALUES (?, ?, ?, ?, ?)`,
    )
    .run(cellId, familyOf(spec), spec.train.epochs, spec.objective.metric, spec.objective.direction);
  const cell = Number(lastInsertRowid);
  connection.prepare('INSERT INTO specs VALUES (?, ?)').run(cell, text);
  return cell;
}
