/** A grid as a folder for TensorBoard: a run a cell, its metrics as scalars, its axes in the hparams tab. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasFailed, stateTable } from '../../domain/run-state.js';
import type { StoredResult } from '../../domain/stored.js';
import type { StoreReader } from '../../store/run-store.js';
import { isNumeric } from '../../text/names.js';
import { experiment, type Parameters, sessionEnd, sessionStart, sessionStatus } from './hparams.js';
import { float, message } from './protobuf.js';
import { header, summary } from './records.js';

/** TensorBoard knows files by it; the same name each time, so that a later export takes the place of this one. */
const fileName = 'events.out.tfevents.0000000001.gridfarm';

/**
 * Writes the cells of a grid that have been run into `folder/GRID/CELL`. Files appear whole, and the same again in place of those of
 * an earlier export. Returns how many cells.
 *
 * @throws StoreError `unknownGrid`
 */
export function writeTensorboard(store: StoreReader, grid: string, folder: string): number {
  const { objective } = store.grid(grid);
  const cells = store.storedCells(grid).filter(({ present, attempts }) => present && attempts > 0);
  const families = new Map(
    store.standings(grid).flatMap(({ family, cells: own }) => own.map(id => [id, family] as const)),
  );
  const parametersOf = parameters(cells);
  const axes = new Map<string, (string | number)[]>();
  for (const cell of cells)
    for (const [axis, value] of Object.entries(parametersOf(cell))) {
      const values = axes.get(axis) ?? [];
      if (!values.includes(value)) values.push(value);
      axes.set(axis, values);
    }
  const best = `best/${objective.metric}`;
  const root = join(folder, encodeURIComponent(grid));
  write(root, [header(0), summary(0, 0, experiment(grid, axes, [best, objective.metric]))]);
  for (const cell of cells)
    write(join(root, cell.cellId), [
      ...eventsOf(store, cell, parametersOf(cell), families.get(cell.cellId) ?? cell.cellId, best),
    ]);
  return cells.length;
}

function* eventsOf(
  store: StoreReader,
  { cellId, state, value, bestEpoch }: StoredResult,
  parameters: Parameters,
  family: string,
  best: string,
): Generator<Buffer> {
  const runs = store.runsOf(cellId);
  let seconds = (runs[0]?.startedMs ?? 0) / 1000;
  yield header(seconds);
  yield summary(seconds, 0, sessionStart(parameters, family, seconds));
  for (const { epoch, metrics } of store.metricsOf(cellId)) {
    seconds += metrics.seconds ?? 0;
    // A value that isn't a number is left out of the store, and is NaN there.
    const scalars = Object.entries(metrics).map(([name, each]) => scalar(name, each ?? Number.NaN));
    yield summary(seconds, epoch, ...scalars);
  }
  if (value !== null && bestEpoch !== null) yield summary(seconds, bestEpoch, scalar(best, value));
  const { success, failure, running } = sessionStatus;
  const status = hasFailed(state) ? failure : stateTable[state].over ? success : running;
  yield summary(seconds, 0, sessionEnd(status, (runs.at(-1)?.endedMs ?? 0) / 1000));
}

const scalar = (tag: string, value: number) => Buffer.concat([message(1, tag), float(2, value)]);

/** Labels of an axis that are all numbers are numbers. */
function parameters(cells: readonly StoredResult[]): (cell: StoredResult) => Parameters {
  const worded = new Set(
    cells.flatMap(({ labels }) =>
      Object.entries(labels).flatMap(([axis, label]) => (isNumeric(label) ? [] : [axis])),
    ),
  );
  return ({ labels }) =>
    Object.fromEntries(
      Object.entries(labels).map(([axis, label]) => [axis, worded.has(axis) ? label : Number(label)]),
    );
}

function write(folder: string, records: readonly Buffer[]): void {
  mkdirSync(folder, { recursive: true });
  // TensorBoard looks for `tfevents` in names.
  const temporary = join(folder, `.writing-${process.pid}`);
  writeFileSync(temporary, Buffer.concat(records));
  renameSync(temporary, join(folder, fileName));
}
