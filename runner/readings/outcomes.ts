/** What each cell of a grid came to after equally many epochs: what effects and comparisons are computed from. */
import { UsageError } from '../domain/error.js';
import { isBetter, type Objective } from '../domain/metric.js';
import { isOfTheMachine } from '../domain/run.js';
import { hasFailed, stateTable } from '../domain/run-state.js';
import type { Curve, Labels, StoredResult } from '../domain/stored.js';
import type { StoreReader } from '../store/run-store.js';
import { readCurves } from './curves.js';

export interface Outcome {
  cell: string;
  /** Equal for cells that differ only in `seed`. */
  family: string;
  labels: Labels;
  seed: number;
  /** The objective at the best epoch of those that count; null: the cell is over without one, which is worse than any value. */
  value: number | null;
  /** That epoch; null: there is no value. */
  bestEpoch: number | null;
  /** Why there is none: `diverged`, `crash`, …; null: there is one. */
  failure: string | null;
  /** Median seconds of an epoch, and epochs of the whole cell; null: none was measured. */
  epochSeconds: number | null;
  epochsAsked: number;
}

export interface GridOutcomes {
  grid: string;
  objective: Objective;
  outcomes: Outcome[];
  /** Null: each cell has all of its epochs. Else the last one that counts: `stopped` cells have fewer than were asked for. */
  epoch: number | null;
  stopped: number;
  /** Present cells that may still get a value, and are left out. */
  open: number;
  stale: number;
  /** The fewest that a value was measured on; null: not known. */
  validationImages: number | null;
}

/**
 * Of the grid of that name; without: of the only one there is. Where a cell was stopped before its time, all count as they were at
 * the highest epoch that all have: a mean over those that were left to go on would say that going on is good.
 *
 * @param epoch another one, up to that
 * @param among these cells alone
 * @throws StoreError `unknownGrid`; UsageError for an epoch that not all have
 */
export function readOutcomes(
  store: StoreReader,
  name?: string,
  epoch?: number,
  among?: ReadonlySet<string>,
): GridOutcomes {
  return store.snapshot(() => {
    const { name: grid, objective } = store.grid(name);
    const cells = store
      .storedCells(grid)
      .filter(({ present, cellId }) => (among === undefined ? present : among.has(cellId)));
    const over = cells.filter(({ state, epochs }) => stateTable[state].done && epochs > 0);
    const short = over.filter(({ epochs, spec }) => epochs < spec.train.epochs);
    const common = over.reduce((least, { epochs }) => Math.min(least, epochs), Number.POSITIVE_INFINITY);
    if (epoch !== undefined && epoch > common)
      throw new UsageError(
        `--epoch ${epoch}: not every cell of grid ${grid} that is over has so many epochs; the highest that all have is ${common}.`,
      );
    const last = epoch ?? (short.length > 0 ? common : null);
    const counts = (cell: StoredResult) =>
      isLost(cell) ||
      (stateTable[cell.state].done && cell.epochs > 0) ||
      (last !== null && cell.epochs >= last);
    const counted = cells.filter(counts);
    const ids = counted.map(({ cellId }) => cellId);
    const standings = store.standings(grid);
    const familyOf = new Map(standings.flatMap(({ family, cells }) => cells.map(cell => [cell, family])));
    const curves = readCurves(store, ids, [objective.metric]);
    const seconds = store.medianEpochSeconds(ids);
    return {
      grid,
      objective,
      outcomes: counted.map(cell => ({
        cell: cell.cellId,
        family: familyOf.get(cell.cellId) ?? cell.cellId,
        labels: cell.labels,
        seed: cell.spec.seed,
        ...resultOf(cell, curves.get(cell.cellId)!.get(objective.metric) ?? [], objective, last),
        epochSeconds: seconds.get(cell.cellId) ?? null,
        epochsAsked: cell.spec.train.epochs,
      })),
      epoch: last,
      stopped: short.length,
      open: cells.length - counted.length,
      stale: counted.filter(({ staleReasons }) => staleReasons.length > 0).length,
      validationImages: standings.reduce<number | null>(
        (least, { validationImages: images }) =>
          images === null ? least : Math.min(least ?? images, images),
        null,
      ),
    };
  });
}

/** Over without a value, by its own doing. */
const isLost = ({ state, failure }: StoredResult) =>
  hasFailed(state) && failure !== undefined && !isOfTheMachine(failure.class);

function resultOf(
  cell: StoredResult,
  points: Curve['points'],
  objective: Objective,
  last: number | null,
): Pick<Outcome, 'value' | 'bestEpoch' | 'failure'> {
  if (isLost(cell))
    return {
      ...{ value: null, bestEpoch: null },
      failure: cell.failure!.class === 'nanLoss' ? 'diverged' : cell.failure!.class,
    };
  let best: number | null = null;
  let bestEpoch: number | null = null;
  for (const [epoch, value] of points)
    if ((last === null || epoch <= last) && isBetter(objective, value, best)) {
      best = value;
      bestEpoch = epoch;
    }
  const failure = best !== null ? null : points.length > 0 ? 'diverged' : 'without a value';
  return { value: best, bestEpoch, failure };
}
