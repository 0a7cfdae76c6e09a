import type { RunTroubles } from '../../domain/live.js';
import type { FailureClass } from '../../domain/run.js';
import type { Connection } from './connection.js';

const runsSince = `grid_cells g CROSS JOIN cells c USING (cell) CROSS JOIN runs r ON r.cell = c.cell AND r.started_ms >= ?
  WHERE g.grid = (SELECT grid FROM grids WHERE name = ?) AND g.present`;

/** What went wrong last in the runs of a grid that began since `sinceMs`, those included that were tried again. */
export function runTroubles(connection: Connection, grid: string, sinceMs: number): RunTroubles {
  const failed = connection
    .prepare(
      `SELECT c.cell_id AS cellId, r.failure_class AS class, coalesce(r.failure_message, '') AS message, r.ended_ms AS timeMs
       FROM ${runsSince} AND r.failure_class IS NOT NULL ORDER BY r.ended_ms DESC, r.run DESC LIMIT 1`,
    )
    .get(sinceMs, grid) as
    | { cellId: string; class: FailureClass; message: string; timeMs: number }
    | undefined;
  const { warnings } = connection
    .prepare(`SELECT coalesce(sum(r.warnings), 0) AS warnings FROM ${runsSince}`)
    .get(sinceMs, grid) as { warnings: number };
  const last =
    warnings === 0
      ? undefined
      : (connection
          .prepare(
            `SELECT c.cell_id AS cellId, w.text FROM run_warnings w CROSS JOIN runs r USING (run) CROSS JOIN cells c ON c.cell = r.cell
             CROSS JOIN grid_cells g ON g.grid = (SELECT grid FROM grids WHERE name = ?) AND g.cell = c.cell AND g.present
             WHERE r.started_ms >= ? ORDER BY w.warning DESC LIMIT 1`,
          )
          .get(grid, sinceMs) as { cellId: string; text: string } | undefined);
  return {
    lastFailure:
      failed === undefined
        ? null
        : {
            cellId: failed.cellId,
            failure: { class: failed.class, message: failed.message },
            timeMs: failed.timeMs,
          },
    warnings,
    lastWarning: last === undefined ? null : { cellId: last.cellId, text: last.text },
  };
}
