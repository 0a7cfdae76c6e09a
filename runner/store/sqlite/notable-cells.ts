import type { FailureClass } from '../../domain/run.js';
import { hasFailed, type RunState, runStates, stateTable } from '../../domain/run-state.js';
import type { Labels, NotableCell } from '../../domain/stored.js';
import { stateColumn } from './cell-state.js';
import type { Connection } from './connection.js';

interface NotableRow {
  cell_id: string;
  labels: string;
  state: RunState;
  epochs: number;
  epochs_asked: number | null;
  attempt: number;
  slot_id: string;
  host: string;
  pid: number;
  failure_class: FailureClass | null;
  failure_message: string | null;
}

const alwaysNotable = runStates
  .filter(state => stateTable[state].held || hasFailed(state))
  .map(state => `'${state}'`);

/** Present cells of a grid that are running or have a failure, in the grid's order. `dead`: for `stateColumn`. */
export function notableCells(connection: Connection, dead: string, grid: string): NotableCell[] {
  const rows = connection
    .prepare(
      `SELECT c.cell_id, g.labels, ${stateColumn} AS state, c.epochs, c.epochs_asked, r.attempt, r.slot_id, r.host, r.pid,
         r.failure_class, r.failure_message
       FROM grid_cells g CROSS JOIN cells c USING (cell) CROSS JOIN runs r ON r.run = c.last_run
       WHERE g.grid = (SELECT grid FROM grids WHERE name = ?) AND g.present
         AND (r.state IN (${alwaysNotable}) OR r.failure_class IS NOT NULL)
       ORDER BY g.position`,
    )
    .all(dead, grid) as NotableRow[];
  return rows.map(row => ({
    cellId: row.cell_id,
    labels: JSON.parse(row.labels) as Labels,
    state: row.state,
    epochs: row.epochs,
    epochsAsked: row.epochs_asked,
    attempts: row.attempt,
    slotId: row.slot_id,
    holder: stateTable[row.state].held ? `${row.host} pid ${row.pid}` : null,
    failure:
      row.failure_class === null ? null : { class: row.failure_class, message: row.failure_message ?? '' },
  }));
}
