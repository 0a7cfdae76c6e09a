import type { Objective } from '../domain/metric.js';
import type { RunState } from '../domain/run.js';
import type { Labels, Standing } from '../domain/stored.js';
import { type Gathered, gather } from './gather.js';
import { canBeToldApart, type Measured } from './told-apart.js';

/** As `--json` prints it. Values are means over the row's seeds; null: there is none. */
export interface LeaderboardRow {
  /** 1 for the best; equal where rows can't be told apart (see told-apart.ts). Null: no cell is completed. */
  rank: number | null;
  cells: string[];
  /** Without the seed. */
  labels: Labels;
  /** The objective at each cell's best epoch; of completed cells if there are any, else of those under way. */
  value: number | null;
  /** Sample standard deviation over the seeds; null for fewer than two. */
  std: number | null;
  /** How many cells `value` is the mean of. */
  seeds: number;
  bestEpoch: number | null;
  epochs: number;
  /** The objective at the last epoch. */
  lastValue: number | null;
  /** The objective on training images at the best epoch. */
  trainValue: number | null;
  /**
   * Epoch from which on training runs away from validation (rule: overfit.ts); null: it doesn't, or the row is not among
   * the first 200.
   */
  overfitSince: number | null;
  /** That its metrics are of; null where that isn't known. */
  validationImages: number | null;
  /** Training time of one cell. */
  seconds: number | null;
  /** `completed` if all of its cells are; else what the others are. */
  state: RunState;
  note: string | null;
}

export interface Leaderboard {
  grid: string;
  objective: Objective;
  rows: LeaderboardRow[];
}

export interface RankOptions {
  /** Axes whose labels make a row; without: all but `seed`. */
  groupBy?: readonly string[] | undefined;
  /** Latest note by cellId. */
  notes?: ReadonlyMap<string, string>;
}

/**
 * Rows of the leaderboard, best first. Rows with a completed cell are ranked, marked by their `state` if other
 * cells of theirs are unfinished; the rest follow, those with a value first.
 */
export function rank(
  standings: readonly Standing[],
  objective: Objective,
  { groupBy, notes = new Map() }: RankOptions = {},
): LeaderboardRow[] {
  const sign = objective.direction === 'maximize' ? -1 : 1;
  const byValue = (a: Gathered, b: Gathered) => compare(a.value, b.value, sign);
  const gathered = gather(standings, groupBy);
  const finished = gathered.filter(row => row.isFinished).sort(byValue);
  const unfinished = gathered.filter(row => !row.isFinished).sort(byValue);
  const ranks = ranksOf(finished.map(row => measured(row, objective)));
  return [...finished, ...unfinished].map((row, i) => toRow(row, ranks[i] ?? null, notes));
}

/** Missing values last. */
function compare(a: number | null, b: number | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return sign * (a - b);
}

/** Each row is compared with the first one of the rank before it: 1, 1, 3, … */
function ranksOf(rows: readonly Measured[]): number[] {
  let first = 0;
  return rows.map((row, i) => {
    if (canBeToldApart(rows[first]!, row)) first = i;
    return first + 1;
  });
}

function measured({ value, std, seeds, validationImages }: Gathered, { metric }: Objective): Measured {
  const images = metric.endsWith('Accuracy') ? validationImages : null;
  return { mean: value!, std, n: seeds, images };
}

function toRow(row: Gathered, rank: number | null, notes: ReadonlyMap<string, string>): LeaderboardRow {
  const {
    cells,
    labels,
    value,
    std,
    seeds,
    bestEpoch,
    epochs,
    lastValue,
    trainValue,
    seconds,
    state,
    validationImages,
  } = row;
  const texts = notes.size === 0 ? [] : cells.flatMap(cell => notes.get(cell) ?? []);
  const note = texts.length === 0 ? null : [...new Set(texts)].join('; ');
  return {
    rank,
    cells,
    labels,
    value,
    std,
    seeds,
    bestEpoch,
    epochs,
    lastValue,
    trainValue,
    overfitSince: null,
    validationImages,
    seconds,
    state,
    note,
  };
}
