import { compareValues, type Objective } from '../domain/metric.js';
import type { RunState } from '../domain/run.js';
import type { Labels, Standing } from '../domain/stored.js';
import { describeBasis, isWhole, lostShare, total } from './basis.js';
import { type Gathered, gather } from './gather.js';
import { canBeToldApart, type Measured } from './told-apart.js';

/** As `--json` prints it. Values are means over the row's seeds; null: there is none. */
export interface LeaderboardRow {
  /** 1 for the best; equal where rows can't be told apart (see told-apart.ts). Null: no cell that is over has a value. */
  rank: number | null;
  cells: string[];
  /** Without the seed. */
  labels: Labels;
  /**
   * The objective at each cell's best epoch; of cells that are over if one of them has a value, else of those under way. Cells
   * that are over without one (`seedsFailed`) are no part of it: they count by the row's rank.
   */
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
  /** How many cells the row has. */
  seedsAsked: number;
  /** Of them, those that are over and have no value: diverged, failed for good. Each counts as the worst. */
  seedsFailed: number;
  /** Of them, those that may still get a value: queued, running, interrupted. */
  seedsOpen: number;
  /** Epochs that each cell was to be trained; null: not known, or not the same for all. */
  epochsAsked: number | null;
  /** Why results of the row would come out differently now, as the last plan found. */
  staleReasons: readonly string[];
  /** Whether all seeds that were asked for have a value of all epochs that were asked for, and none is stale. */
  isWhole: boolean;
  /** What the row rests on, in words. */
  restsOn: string;
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
 * Rows of the leaderboard, best first. Rows in which a cell that is over has a value are ranked: first by the share of cells that
 * are over without one, none of them first, since each counts as worse than any value; then by the mean of the values. The rest
 * follow: those with a value so far, those under way, and last those that are over without any value.
 */
export function rank(
  standings: readonly Standing[],
  objective: Objective,
  { groupBy, notes = new Map() }: RankOptions = {},
): LeaderboardRow[] {
  const byValue = (a: Gathered, b: Gathered) => compareValues(a.value, b.value, objective.direction);
  const byLost = (a: Gathered, b: Gathered) => lostShare(a.basis) - lostShare(b.basis);
  const gathered = gather(standings, groupBy);
  const finished = gathered.filter(row => row.isFinished).sort((a, b) => byLost(a, b) || byValue(a, b));
  const isDead = ({ basis }: Gathered) => Number(basis.open.size === 0);
  const unfinished = gathered
    .filter(row => !row.isFinished)
    .sort((a, b) => isDead(a) - isDead(b) || byValue(a, b));
  const ranks = ranksOf(finished.map(row => measured(row, objective)));
  const what = groupBy === undefined ? 'seed' : 'cell';
  return [...finished, ...unfinished].map((row, i) => toRow(row, ranks[i] ?? null, notes, what));
}

/** Each row is compared with the first one of the rank before it: 1, 1, 3, … */
function ranksOf(rows: readonly (Measured & { lost: number })[]): number[] {
  let first = 0;
  return rows.map((row, i) => {
    if (rows[first]!.lost !== row.lost || canBeToldApart(rows[first]!, row)) first = i;
    return first + 1;
  });
}

function measured(
  { value, std, seeds, validationImages, basis }: Gathered,
  { metric }: Objective,
): Measured & { lost: number } {
  const images = metric.endsWith('Accuracy') ? validationImages : null;
  return { mean: value!, std, n: seeds, images, lost: lostShare(basis) };
}

function toRow(
  row: Gathered,
  rank: number | null,
  notes: ReadonlyMap<string, string>,
  what: 'seed' | 'cell',
): LeaderboardRow {
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
    basis,
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
    seedsAsked: basis.asked,
    seedsFailed: total(basis.lost),
    seedsOpen: total(basis.open),
    epochsAsked: basis.epochsAsked,
    staleReasons: basis.staleReasons,
    isWhole: isWhole(basis),
    restsOn: describeBasis(basis, what),
  };
}
