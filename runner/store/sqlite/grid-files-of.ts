import type { Connection } from './connection.js';

/** Files of the grids that have these cells or had them, by cell; none for those that aren't stored. */
export function gridFilesOf(connection: Connection, cellIds: readonly string[]): Map<string, string[]> {
  const rows = connection
    .prepare(
      `SELECT c.cell_id, grids.file FROM json_each(?) j CROSS JOIN cells c ON c.cell_id = j.value
       LEFT JOIN grid_cells g USING (cell) LEFT JOIN grids USING (grid)`,
    )
    .all(JSON.stringify(cellIds)) as { cell_id: string; file: string | null }[];
  const files = new Map<string, string[]>();
  for (const { cell_id, file } of rows)
    files.set(cell_id, [...(files.get(cell_id) ?? []), ...(file === null ? [] : [file])]);
  return files;
}
