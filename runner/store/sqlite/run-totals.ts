import type { RunTotals } from '../../domain/live.js';
import { isWhole, type RunState, stateTable } from '../../domain/run-state.js';
import { stateColumn } from './cell-state.js';
import type { Connection } from './connection.js';

interface Row {
  state: RunState;
  /** Whether its last run began since then. */
  is_of_run: number;
  waits: number;
  cells: number;
  epochs_left: number;
  epochs: number;
  seconds: number | null;
}

/** What a runner that began at `sinceMs` has done of a grid, and what is left. `dead`: for `stateColumn`. */
export function runTotals(connection: Connection, dead: string, grid: string, sinceMs: number): RunTotals {
  const rows = connection
    .prepare(
      `SELECT ${stateColumn} AS state, coalesce(r.started_ms >= ?, 0) AS is_of_run, c.retry_ms IS NOT NULL AS waits, count(*) AS cells,
         sum(max(0, coalesce(c.epochs_asked, 0) - c.epochs)) AS epochs_left,
         sum(iif(c.seconds IS NULL, 0, c.epochs)) AS epochs, sum(c.seconds) AS seconds
       FROM grid_cells g CROSS JOIN cells c USING (cell) LEFT JOIN runs r ON r.run = c.last_run
       WHERE g.grid = (SELECT grid FROM grids WHERE name = ?) AND g.present GROUP BY 1, 2, 3`,
    )
    .all(dead, sinceMs, grid) as Row[];
  const totals = { completed: 0, failed: 0, interrupted: 0, running: 0, queued: 0, completedBefore: 0 };
  let [epochsLeft, epochs, seconds] = [0, 0, 0];
  for (const row of rows) {
    const { state, cells } = row;
    const isOfRun = row.is_of_run === 1;
    if (isOfRun) {
      epochs += row.epochs;
      seconds += row.seconds ?? 0;
    }
    const comes = row.waits === 1 || (stateTable[state].startsByItself && !isOfRun);
    if (comes || stateTable[state].held) epochsLeft += row.epochs_left;
    if (comes) totals.queued += cells;
    else if (stateTable[state].held) totals.running += cells;
    else if (!isOfRun) totals.completedBefore += isWhole(state) ? cells : 0;
    else if (state === 'completed' || state === 'failed' || state === 'interrupted') totals[state] += cells;
  }
  return { ...totals, epochsLeft, secondsPerEpoch: epochs === 0 || seconds === 0 ? null : seconds / epochs };
}
