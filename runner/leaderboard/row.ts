import type { Objective } from '../domain/metric.js';
import type { RunState } from '../domain/run-state.js';
import type { StopReason } from '../domain/stopping.js';
import type { Labels } from '../domain/stored.js';

/** As `--json` prints it. Values are means over the row's seeds; null: there is none. */
export interface LeaderboardRow {
  /**
   * The best rank that it may have within its block: one more than rows of which it can be told that they are better, so that rows
   * which can't be told apart share it. At 95% all ranks, from the best to the worst one of each row, hold together. Null:
   * no cell that is over has a value, or the row's cells were trained unequally long.
   */
  rank: number | null;
  /** The worst rank that it may have. */
  worstRank: number | null;
  /** Whether it may be the best of its block. */
  mayWin: boolean;
  cells: readonly string[];
  /** Without the seed. */
  labels: Labels;
  /**
   * The objective at each cell's best epoch; of cells that are over if one of them has a value, else of those under way. Cells
   * that are over without one (`seedsFailed`) are no part of it: they count by the row's rank.
   */
  value: number | null;
  /** The value with the luck taken out: drawn to the mean of its block by how much of the differences is noise. */
  shrunk: number | null;
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
  /** For how long its cells were trained, as its block says it; null: none is over and has a value. */
  budget: string | null;
  /** Why results of the row would come out differently now, as the last plan found. */
  staleReasons: readonly string[];
  /** Whether all seeds that were asked for have a value of all epochs that were asked for, and none is stale. */
  isWhole: boolean;
  /**
   * Why the rule of the grid has stopped its cells: the value is a bound then of what they would have come to. Null: it hasn't, or
   * the row is not among the first 200 of those that were stopped.
   */
  stop: StopReason | null;
  /** What the row rests on, in words. */
  restsOn: string;
}

/**
 * What rows of a block are compared by. `seeds`: all rows' seeds differ alike; `ownSeeds`: each row's own differ more or less;
 * `images`: no row was repeated, so that of an accuracy on so many images; `unknown`: nothing can be told apart.
 */
export interface Noise {
  kind: 'seeds' | 'ownSeeds' | 'images' | 'unknown';
  /** Standard deviation of one seed; of `ownSeeds` the common one; null for the others. */
  std: number | null;
  /** Degrees of freedom behind it. */
  df: number | null;
  /** Validation images; null but for `images`. */
  images: number | null;
}

/** Rows whose cells were trained for as long; ranks are within it. */
export interface Block {
  /** As its rows have it: `30 epochs`, `stopped after 4 of 30 epochs`. */
  budget: string;
  /** Of the whole grid, whether or not they are shown. */
  rows: number;
  /** Whether its rows have ranks. */
  isRanked: boolean;
  /** Rows that may be the best. */
  mayWin: number;
  /** Value of the first row, as it is and with the luck taken out (null: the noise isn't known); null: not ranked. */
  best: { value: number; shrunk: number | null } | null;
  noise: Noise;
  noiseWords: string;
}

export interface Leaderboard {
  grid: string;
  objective: Objective;
  /** In the order of the rows; rows that aren't done are in none. */
  blocks: Block[];
  rows: LeaderboardRow[];
}
