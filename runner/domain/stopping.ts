/** How cells of a grid are stopped before their end: its `stopping` block, and what is said of a cell by it. No part of a cell's identity. */
/** Where cells are compared: a share of each one's own `train.epochs`, rounded up, or an epoch. */
export type Rung = { of: number; part: number } | { epoch: number };

/** Axis → labels: cells that have one of them on each of these axes. */
export type LabelMatch = Readonly<Record<string, readonly string[]>>;

export interface Stopping {
  rule: 'halving' | 'race';
  /** Ascending. */
  rungs: readonly Rung[];
  /** Share of the configurations that goes on at each rung, rounded up, 2 at least. */
  keep: number;
  /** No rung is earlier: `warmup`: two epochs after a cell's warm-up, nor than the third epoch; else this epoch. */
  after: 'warmup' | number;
  /** What the objective up to a rung counts as. */
  value: 'best' | 'last' | 'median3';
  /** Who is within so much of those that go on goes on too; `auto`: one standard error of the difference. */
  margin: 'auto' | number;
  /** Judged by the mean of all seeds, or by the first: the others begin once that has passed all rungs. */
  seeds: 'together' | 'first';
  /** Axes each of whose values keeps its own share. */
  within: readonly string[];
  /** Cells that are never stopped. */
  never: readonly LabelMatch[];
  /** Whether NaN and chance level at the first rung end a cell at once. */
  diverged: 'stop' | 'ignore';
  /** Whether undecided cells go on where slots are free. */
  idle: 'continue' | 'wait';
}

/** Why a cell was stopped by its grid's rule. */
export interface StopReason {
  /** `diverged`: NaN, or no better than chance, whatever the rule. */
  rule: 'halving' | 'race' | 'diverged';
  /** Of the rung, in epochs of this cell, and the epochs that it was to be trained. */
  epoch: number;
  epochs: number;
  /** Of the configuration (the mean of its seeds) at the rung; null: none. */
  value: number | null;
  /** Its place there, and of how many. */
  rank: number;
  of: number;
  /** Value of the last that goes on there; null: not known yet, or nothing to do with it. */
  cutOff: number | null;
  /** By which it is below that for it; null: with any. */
  margin: number | null;
  /** Of a race: what it lost against, in words; else absent. */
  against?: string;
}

/** What the store keeps of a cell that its grid's rule holds at a rung, or has stopped. */
export type RungMark = { at: 'out'; reason: StopReason } | { at: 'rung'; epoch: number; epochs: number };
