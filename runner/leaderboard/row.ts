import type { Objective } from '../domain/metric.js';
import type { RunState } from '../domain/run-state.js';
import type { Labels } from '../domain/stored.js';

/** As `--json` prints it. Values are means over the row's seeds; null: there is none. */
export interface LeaderboardRow {
  /** 1 for the best; equal where rows can't be told apart (see told-apart.ts). Null: no cell that is over has a value. */
  rank: number | null;
  cells: readonly string[];
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
