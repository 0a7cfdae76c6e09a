/** Metrics of epochs, read in the order in which they lie in the file. */
import type { EpochRecord } from '../../../trainer/contract/events.js';
import type { RunState } from '../../domain/run-state.js';
import type { EpochRow, Labels } from '../../domain/stored.js';
import { stateColumn } from './cell-state.js';
import type { Connection } from './connection.js';
import { joinRuns } from './rows.js';

interface MetricRow {
  epoch: number;
  step: number;
  name: string;
  value: number | null;
}

/** Finished epochs of a cell in order. */
export function epochsOf(connection: Connection, cellId: string): EpochRecord[] {
  const rows = connection
    .prepare(
      `SELECT e.epoch, e.step, n.name, m.value
       FROM epochs e LEFT JOIN metrics m USING (cell, epoch) LEFT JOIN metric_names n USING (metric)
       WHERE e.cell = (SELECT cell FROM cells WHERE cell_id = ?) ORDER BY e.epoch, m.metric`,
    )
    .iterate(cellId) as IterableIterator<MetricRow>;
  return [...byEpoch(rows)].map(({ epoch, step, metrics }) => ({ epoch, step, metrics }));
}

interface LabelledRow extends MetricRow {
  grid: string;
  cell_id: string;
  labels: string;
  state: RunState;
  sources: string | null;
}

/** Epochs of one grid or of all, a cell after the other; one epoch is in memory at a time. */
export function* epochRows(connection: Connection, dead: string, grid?: string): IterableIterator<EpochRow> {
  const one = grid === undefined ? '' : 'WHERE grids.name = ?';
  // A statement of its own: others may run while this one is half way.
  const rows = connection.database
    .prepare(
      `SELECT grids.name AS grid, c.cell_id, g.labels, ${stateColumn} AS state, t.trainer_sources AS sources, e.epoch, e.step, n.name, m.value
       FROM grids CROSS JOIN grid_cells g USING (grid) CROSS JOIN cells c USING (cell) ${joinRuns}
       CROSS JOIN epochs e ON e.cell = c.cell LEFT JOIN metrics m ON m.cell = e.cell AND m.epoch = e.epoch
       LEFT JOIN metric_names n ON n.metric = m.metric
       ${one} ORDER BY g.grid, g.cell, e.epoch, m.metric`,
    )
    .iterate(dead, ...(grid === undefined ? [] : [grid])) as IterableIterator<LabelledRow>;
  let labelsText = '';
  let labels: Labels = {};
  for (const epoch of byEpoch(rows)) {
    if (epoch.row.labels !== labelsText) {
      labelsText = epoch.row.labels;
      labels = JSON.parse(labelsText) as Labels;
    }
    const { grid, cell_id, state, sources } = epoch.row;
    yield {
      grid,
      cellId: cell_id,
      labels,
      state,
      epoch: epoch.epoch,
      step: epoch.step,
      sources,
      metrics: epoch.metrics,
    };
  }
}

/** Gathers consecutive rows of one epoch of one cell. `row` is the first of them. */
function* byEpoch<Row extends MetricRow & Partial<LabelledRow>>(
  rows: Iterable<Row>,
): Generator<EpochRecord & { row: Row }> {
  let current: (EpochRecord & { row: Row }) | undefined;
  for (const row of rows) {
    const same =
      current !== undefined &&
      current.epoch === row.epoch &&
      current.row.cell_id === row.cell_id &&
      current.row.grid === row.grid;
    if (!same) {
      if (current !== undefined) yield current;
      current = { epoch: row.epoch, step: row.step, metrics: {}, row };
    }
    if (row.name !== null) current!.metrics[row.name] = row.value;
  }
  if (current !== undefined) yield current;
}
