/** What is kept of the places where people are told of a grid. */
import type { Connection } from './connection.js';

const gridOf = '(SELECT grid FROM grids WHERE name = ?)';

export function noticeState(connection: Connection, grid: string, channel: string): string | null {
  const row = connection
    .prepare(`SELECT state FROM notices WHERE grid = ${gridOf} AND channel = ?`)
    .get(grid, channel) as { state: string } | undefined;
  return row?.state ?? null;
}

export function keepNoticeState(connection: Connection, grid: string, channel: string, state: string): void {
  connection
    .prepare(
      `INSERT INTO notices (grid, channel, state) VALUES (${gridOf}, ?, ?)
       ON CONFLICT DO UPDATE SET state = excluded.state`,
    )
    .run(grid, channel, state);
}
