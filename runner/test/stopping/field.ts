/** Cells with curves that are known beforehand, and a farm that trains them in whatever order. */
import type { Objective } from '../../domain/metric.js';
import type { Stopping } from '../../domain/stopping.js';
import { type CellRows, noRows, type StoppableCell } from '../../stopping/cells.js';
import { type Decision, decide } from '../../stopping/decide.js';

export const accuracy: Objective = { metric: 'validationAccuracy', direction: 'maximize' };

export const halving = (change: Partial<Stopping> = {}): Stopping => ({
  rule: 'halving',
  rungs: [
    { part: 1, of: 9 },
    { part: 1, of: 3 },
  ],
  keep: 1 / 3,
  after: 0,
  value: 'best',
  margin: 0,
  seeds: 'together',
  within: [],
  never: [],
  diverged: 'stop',
  idle: 'continue',
  ...change,
});

export const cell = (name: string, change: Partial<StoppableCell> = {}): StoppableCell => ({
  cellId: name,
  family: name,
  labels: { name },
  epochs: 9,
  warmupEpochs: 0,
  images: null,
  chance: null,
  ...change,
});

/** What a cell would come to if it were trained to its end. */
export interface Fate {
  curve: readonly (number | null)[];
  /** It fails for good after so many epochs. */
  failsAfter?: number | undefined;
}

export const rowsAfter = ({ curve, failsAfter }: Fate, epochs: number): CellRows => ({
  ...noRows,
  epochs: Math.min(epochs, failsAfter ?? curve.length),
  values: curve.slice(0, Math.min(epochs, failsAfter ?? curve.length)).map((value, at) => [at + 1, value]),
  hasFailed: failsAfter !== undefined && epochs >= failsAfter,
});

/** Rows of cells that have come so far. */
export const rowsAt = (fates: Readonly<Record<string, Fate>>, epochs: Readonly<Record<string, number>>) =>
  new Map(Object.entries(epochs).map(([name, done]) => [name, rowsAfter(fates[name]!, done)]));

/**
 * Trains by the decisions until nothing is left to do: an epoch of one of the cells that may be trained at a time.
 *
 * @param choose which of so many
 * @param lookEvery a runner that looks at the rows only so often; whatever it decided before is forgotten then, as after a crash
 */
export function train(
  stopping: Stopping,
  cells: readonly StoppableCell[],
  fates: Readonly<Record<string, Fate>>,
  choose: (count: number) => number,
  lookEvery = 1,
): { decisions: Map<string, Decision>; epochs: number; done: Map<string, number> } {
  const done = new Map<string, number>(cells.map(({ cellId }) => [cellId, 0]));
  const rows = () =>
    new Map(cells.map(({ cellId }) => [cellId, rowsAfter(fates[cellId]!, done.get(cellId)!)] as const));
  let decisions = decide(stopping, accuracy, cells, rows());
  for (let epochs = 0; ; epochs++) {
    if (epochs % lookEvery === 0) decisions = decide(stopping, accuracy, cells, rows());
    const limitOf = ({ cellId, epochs: all }: StoppableCell): number => {
      const decision = decisions.get(cellId)!;
      const end = Math.min(all, fates[cellId]!.failsAfter ?? all);
      if (decision.next === 'goOn') return Math.min(end, decision.until ?? end);
      if (decision.next === 'stop' || decision.order === null) return 0;
      return stopping.idle === 'continue' ? Math.min(end, decision.carryTo ?? end) : 0;
    };
    let open = cells.filter(cell => done.get(cell.cellId)! < limitOf(cell));
    if (open.length === 0) {
      const now = decide(stopping, accuracy, cells, rows());
      const isNews = [...now].some(
        ([id, decision]) => JSON.stringify(decision) !== JSON.stringify(decisions.get(id)),
      );
      decisions = now;
      if (!isNews) return { decisions, epochs, done };
      open = cells.filter(cell => done.get(cell.cellId)! < limitOf(cell));
      if (open.length === 0) return { decisions, epochs, done };
    }
    const { cellId } = open[choose(open.length)]!;
    done.set(cellId, done.get(cellId)! + 1);
  }
}

/** Those that aren't stopped. */
export const kept = (decisions: ReadonlyMap<string, Decision>): string[] =>
  [...decisions].flatMap(([name, { next }]) => (next === 'stop' ? [] : name)).sort();
