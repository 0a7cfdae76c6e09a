/** Rows of another store on their way into this one; each within a transaction of the caller. */
import { adoptObjective } from './by-objective.js';
import type { CellHistory } from './cell-history.js';
import type { Connection } from './connection.js';
import type { FiledCell } from './grid-files.js';
import type { Row } from './record-lines.js';
import { rebuiltGrid } from './register-grid.js';
import { restoreGrid, restoreSettings } from './restore-rows.js';

/**
 * Adds what another store has of a grid to what this one has: cells that this grid doesn't have come behind its own, with their labels
 * there. A grid that only has its name in common with the one here is kept under another one.
 *
 * @param from what tells that one's name from this one's, if it has to
 * @returns the name here; undefined: there is nothing to add
 */
export function mergeGrid(
  connection: Connection,
  { grid, cells }: { grid: Row; cells: readonly FiledCell[] },
  from: string,
): string | undefined {
  // Where a cell is in a grid of its own, it isn't one of those whose grid isn't known.
  const added =
    grid.name === rebuiltGrid ? cells.filter(({ cellId }) => !isInGrid(connection, cellId)) : cells;
  const own = namesakeOf(connection, grid, added);
  if (own === undefined) {
    if (added.length === 0) return undefined;
    const isTaken = connection.prepare('SELECT 1 FROM grids WHERE name = ?').get(grid.name!) !== undefined;
    const name = isTaken ? `${grid.name} (${from})` : String(grid.name);
    restoreGrid(connection, { ...grid, name }, added);
    return name;
  }
  const known = new Set(
    (
      connection
        .prepare('SELECT cell_id AS cellId FROM grid_cells JOIN cells USING (cell) WHERE grid = ?')
        .all(own.grid) as { cellId: string }[]
    ).map(({ cellId }) => cellId),
  );
  const place = connection.prepare(
    `INSERT INTO grid_cells (grid, cell, position, present, labels)
     SELECT ?1, ?2, coalesce(max(position) + 1, 0), ?3, ?4 FROM grid_cells WHERE grid = ?1`,
  );
  const others = added.filter(({ cellId }) => !known.has(cellId));
  for (const { cellId, present, labels, ...filed } of [...others].sort((a, b) => a.position - b.position))
    place.run(own.grid, restoreSettings(connection, cellId, filed), present ? 1 : 0, JSON.stringify(labels));
  if (others.length > 0) adoptObjective(connection, own.name);
  return others.length > 0 ? own.name : undefined;
}

const isInGrid = (connection: Connection, cellId: string): boolean =>
  connection.prepare('SELECT 1 FROM grid_cells JOIN cells USING (cell) WHERE cell_id = ?').get(cellId) !==
  undefined;

/** The grid here that it is, under its name or one that it was given: their files have the same cells, or some in common. */
function namesakeOf(connection: Connection, grid: Row, cells: readonly FiledCell[]) {
  const namesakes = connection
    .prepare(
      `SELECT grid, name, hash FROM grids WHERE name = ?1 OR substr(name, 1, length(?1) + 2) = ?1 || ' (' ORDER BY name <> ?1, grid`,
    )
    .all(String(grid.name)) as { grid: number; name: string; hash: string }[];
  const ids = JSON.stringify(cells.map(({ cellId }) => cellId));
  const shares = connection.prepare(
    `SELECT 1 FROM json_each(?) wanted JOIN cells ON cell_id = wanted.value JOIN grid_cells USING (cell) WHERE grid = ? LIMIT 1`,
  );
  return namesakes.find(
    ({ grid: number, hash }) => (hash !== '' && hash === grid.hash) || shares.get(ids, number) !== undefined,
  );
}

/** Takes away what is stored of a cell's runs and epochs, for what another store has of it. */
export function clearHistory(connection: Connection, cell: number): void {
  connection
    .prepare(
      'UPDATE cells SET last_run = NULL, trained_run = NULL, held = NULL, retry_ms = NULL, stale = NULL, rung = NULL WHERE cell = ?',
    )
    .run(cell);
  connection.prepare('DELETE FROM run_warnings WHERE run IN (SELECT run FROM runs WHERE cell = ?)').run(cell);
  for (const table of ['progress', 'metrics', 'epochs', 'runs'])
    connection.prepare(`DELETE FROM ${table} WHERE cell = ?`).run(cell);
}

/** Those notes of another store that this one hasn't. */
export function newNotes(own: CellHistory, notes: readonly Row[]): Row[] {
  const keyOf = ({ time_ms, text, attempt }: Row) => JSON.stringify([time_ms, text, attempt]);
  const known = new Set(own.notes.map(keyOf));
  return notes.filter(note => !known.has(keyOf(note)));
}
