/** What is written of a cell. */
import { hasFailed, stateTable } from '../../domain/run-state.js';
import type { StoredResult } from '../../domain/stored.js';
import type { StoreReader } from '../../store/run-store.js';
import { isNumeric } from '../../text/names.js';
import { experiment, type Parameters, sessionEnd, sessionStart, sessionStatus } from './hparams.js';
import { float, message } from './protobuf.js';
import { header, summary } from './records.js';

/** TensorBoard knows files by it; the same name each time, so that a later export takes the place of this one. */
export const fileName = 'events.out.tfevents.0000000001.gridfarm';

/** A grid as it is in TensorBoard: a run a cell. */
export interface Description {
  /** The root's file: all axes with all their values. */
  root: readonly Buffer[];
  parametersOf(cell: StoredResult): Parameters;
  /** Runs of one are one row of the hparams tab. */
  familyOf(cell: StoredResult): string;
  bestTag: string;
}

/** @param cells those that are written, or are going to be */
export function describe(store: StoreReader, grid: string, cells: readonly StoredResult[]): Description {
  const { objective } = store.grid(grid);
  const families = new Map(
    store.standings(grid).flatMap(({ family, cells: own }) => own.map(id => [id, family] as const)),
  );
  const parametersOf = parameters(cells);
  const axes = new Map<string, Set<string | number>>();
  for (const cell of cells)
    for (const [axis, value] of Object.entries(parametersOf(cell))) {
      const values = axes.get(axis) ?? new Set();
      axes.set(axis, values.add(value));
    }
  const bestTag = `best/${objective.metric}`;
  const lists = new Map([...axes].map(([axis, values]) => [axis, [...values]]));
  return {
    root: [header(0), summary(0, 0, experiment(grid, lists, [bestTag, objective.metric]))],
    parametersOf,
    familyOf: ({ cellId }) => families.get(cellId) ?? cellId,
    bestTag,
  };
}

/** What a cell's file begins with. */
export const beginning = (
  cell: StoredResult,
  { parametersOf, familyOf }: Description,
  seconds: number,
): Buffer[] => [
  header(seconds),
  summary(seconds, 0, sessionStart(parametersOf(cell), familyOf(cell), seconds)),
];

/** Its epochs after one, each at the time that training had taken by then after `seconds`. */
export function* epochsAfter(
  store: StoreReader,
  cellId: string,
  after: number,
  seconds: number,
): Generator<{ epoch: number; record: Buffer }> {
  for (const { epoch, metrics } of store.metricsOf(cellId)) {
    seconds += metrics.seconds ?? 0;
    if (epoch <= after) continue;
    // A value that isn't a number is left out of the store, and is NaN there.
    const scalars = Object.entries(metrics).map(([name, each]) => scalar(name, each ?? Number.NaN));
    yield { epoch, record: summary(seconds, epoch, ...scalars) };
  }
}

/** What a cell's file ends with: the best value, pictures, and what became of it. */
export function ending(
  { state, value, bestEpoch }: StoredResult,
  { bestTag }: Description,
  endedMs: number | null,
  pictures: readonly Buffer[],
): Buffer[] {
  const seconds = (endedMs ?? 0) / 1000;
  const { success, failure, running } = sessionStatus;
  const status = hasFailed(state) ? failure : stateTable[state].over ? success : running;
  const best =
    value === null || bestEpoch === null ? [] : [summary(seconds, bestEpoch, scalar(bestTag, value))];
  return [
    ...best,
    ...pictures.map(picture => summary(seconds, bestEpoch ?? 0, picture)),
    summary(seconds, 0, sessionEnd(status, seconds)),
  ];
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
