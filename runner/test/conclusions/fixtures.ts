/** Grids with results as a test wants them. */
import type { FailureClass } from '../../domain/run.js';
import type { CellRecord, GridRecord, Labels } from '../../domain/stored.js';
import type { Outcome } from '../../readings/outcomes.js';
import { openStore } from '../../store/open-store.js';
import type { StoreWriter } from '../../store/run-store.js';
import { cells as benchCells, epochsWith, grid, resultsFolder, start } from '../store/fixtures.js';

/** What becomes of a cell: validation accuracies by epoch, a failure, or left as it is. */
export type Fate =
  | { accuracies: readonly (number | null)[]; end?: 'completed' | 'stopped' | 'running' }
  | { failure: FailureClass }
  | null;

/** All combinations of these labels, the first axis the slowest. */
export function combinations(axes: Readonly<Record<string, readonly string[]>>): Labels[] {
  return Object.entries(axes).reduce<Labels[]>(
    (rows, [path, labels]) => rows.flatMap(row => labels.map(label => ({ ...row, [path]: label }))),
    [{}],
  );
}

/** A cell with these labels; those of one `seed` differ in nothing else. */
function cellOf(labels: Labels, index: number, epochs: number, name: string): CellRecord {
  const [base] = benchCells(1);
  const { seed = '0', ...others } = labels;
  return {
    cellId: `${(name.length % 16).toString(16)}${index.toString(16).padStart(4, '0')}`.padEnd(16, '0'),
    labels,
    spec: { ...base!.spec, seed: Number(seed), train: { ...base!.spec.train, epochs }, params: others },
  };
}

export interface MadeUp {
  axes: Readonly<Record<string, readonly string[]>>;
  fate: (labels: Labels) => Fate;
  /** That each cell is to be trained. */
  epochs?: number;
  isLeftOut?: (labels: Labels) => boolean;
  direction?: 'maximize' | 'minimize';
  name?: string;
}

/** Fills a store; the folder is removed after the tests of the file. */
export async function madeUpStore(madeUp: MadeUp): Promise<StoreWriter> {
  const store = await openStore(resultsFolder());
  register(store, madeUp);
  return store;
}

export function register(
  store: StoreWriter,
  { axes, fate, epochs = 3, isLeftOut, direction = 'maximize', name = 'made-up' }: MadeUp,
): CellRecord[] {
  const record: GridRecord = { ...grid, name, objective: { metric: 'validationAccuracy', direction } };
  const labels = combinations(axes).filter(each => !isLeftOut?.(each));
  const cells = labels.map((each, index) => cellOf(each, index, epochs, name));
  store.registerGrid(record, cells);
  for (const cell of cells) {
    const own = fate(cell.labels);
    if (own === null) continue;
    const run = store.startRun(cell.cellId, 'local/cpu0');
    store.recordStarted(run, start);
    if ('failure' in own) {
      store.finishRun(run, { state: 'failed', failure: { class: own.failure, message: 'made up' } });
      continue;
    }
    for (const record of epochsWith(own.accuracies)) store.recordEpoch(run, record);
    if (own.end !== 'running') store.finishRun(run, { state: own.end ?? 'completed', weightsHash: 'abc' });
  }
  return cells;
}

/** The same number for the same text, from 0 to 1. */
export function noise(text: string): number {
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507);
  hash = Math.imul(hash ^ (hash >>> 13), 3266489909);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** An outcome of a cell that isn't stored. */
export function outcome(labels: Labels, value: number | null, more: Partial<Outcome> = {}): Outcome {
  const { seed = '0', ...others } = labels;
  return {
    cell: JSON.stringify(labels),
    family: JSON.stringify(others),
    labels,
    seed: Number(seed),
    value,
    bestEpoch: value === null ? null : 3,
    failure: value === null ? 'diverged' : null,
    epochSeconds: 2,
    epochsAsked: 3,
    ...more,
  };
}
