/** What goes into the store and what comes out, beside StoredCell. Times are milliseconds since 1970. */
import type { MemoryUse, Provenance } from '../../trainer/contract/events.js';
import type { Objective, RunSpec } from '../../trainer/contract/run-spec.js';
import type { Failure, FailureClass } from './run.js';
import type { RunState } from './run-state.js';
import type { StoredCell } from './stored-cell.js';

/** Axis path → label of the value that the cell has on it. */
export type Labels = Readonly<Record<string, string>>;

/** A grid as it is registered. */
export interface GridRecord {
  name: string;
  description: string;
  /** The file it was read from. */
  file: string;
  objective: Objective;
  /** Hash of the file, so that a reader sees that it changed. */
  hash: string;
}

/** A cell of a grid as it is registered. Its place in the list is its place in the grid. */
export interface CellRecord {
  cellId: string;
  labels: Labels;
  spec: Readonly<RunSpec>;
}

/** A cell with its results in short. */
export interface StoredResult extends StoredCell {
  /** False: no longer in the grid that was asked for; its results are kept. */
  present: boolean;
  bestEpoch: number | null;
  /** Value of the cell's objective at its best epoch. */
  value: number | null;
  /** Why its result would come out differently now, as the last plan found; empty: it wouldn't. */
  staleReasons: readonly string[];
}

/** One execution of a cell, as stored. */
export interface StoredRun {
  attempt: number;
  slotId: string;
  state: RunState;
  startedMs: number;
  endedMs: number | null;
  /** Present if `failed`, and if a condition of the machine interrupted it. */
  failure?: Failure;
  /** Null before training started. */
  provenance: Provenance | null;
  resumedFromEpoch: number | null;
  parameters: number | null;
  trainImages: number | null;
  validationImages: number | null;
  classes: number | null;
  /** SHA-256 of the last weights in state-dict order; null unless completed. */
  weightsHash: string | null;
  /** The most that it has held; null: nobody has looked. */
  memory: MemoryUse | null;
  host: string;
  pid: number;
  /** What its trainer warned of: how often in all, and the first different warnings. */
  warnings: { count: number; first: readonly { text: string; count: number }[] };
}

/** What a run of a cell has held. */
export interface MeasuredMemory extends MemoryUse {
  cellId: string;
  /** Name of its engine; null: not known. */
  engine: string | null;
  /** It came to its end. */
  isWhole: boolean;
}

/** A warning of a cell's last run. */
export interface CellWarning {
  cellId: string;
  labels: Labels;
  text: string;
  /** How often it was told. */
  count: number;
}

/** A cell that is running, or whose last run failed or was interrupted by a condition of the machine. */
export interface NotableCell {
  cellId: string;
  labels: Labels;
  state: RunState;
  /** Finished ones, and those it was to be trained; null: not known. */
  epochs: number;
  epochsAsked: number | null;
  attempts: number;
  /** Of the last run. */
  slotId: string;
  /** Who holds it while it is running, for people. */
  holder: string | null;
  failure: Failure | null;
}

/** The cell of a grid with the best value of its objective. */
export interface BestCell {
  cellId: string;
  labels: Labels;
  value: number;
  epoch: number;
}

/** A metric of a cell over its epochs. */
export interface Curve {
  cellId: string;
  metric: string;
  /** Epoch and value; null is NaN. */
  points: readonly (readonly [epoch: number, value: number | null])[];
}

export interface StoredNote {
  /** Null: of the cell, not of one run. */
  attempt: number | null;
  timeMs: number;
  text: string;
}

/**
 * Cells of a grid that differ only in `seed` and are in the same state, for the leaderboard. Without a word,
 * values are means over the cells that have one; null where none has.
 */
export interface Standing {
  /** Equal for cells that differ only in `seed`. */
  family: string;
  state: RunState;
  cells: readonly string[];
  /** Labels of one of the cells. */
  labels: Labels;
  /** The objective at each cell's best epoch; a cell without one (none finished, all NaN) is left out. */
  values: readonly number[];
  bestEpoch: number | null;
  /** The most that one of the cells has finished. */
  epochs: number;
  lastValue: number | null;
  /** The objective's training counterpart at the best epoch. */
  trainValue: number | null;
  /** Measured training time of a cell. */
  seconds: number | null;
  /** Images that the values were measured on. */
  validationImages: number | null;
  /** Epochs that each of its cells was to be trained; null: not known. */
  epochsAsked: number | null;
  /** How many cells with a value have finished fewer epochs, and the fewest; 0: none has. */
  shortCells: number;
  fewestEpochs: number;
  /** Cells whose objective was NaN in all of their epochs, and those in which it was in the last one, but not in all. */
  nanCells: number;
  endedInNaN: number;
  /** Of failed cells: the class of each one's failure. */
  failures: readonly FailureClass[];
  /** How many cells are stale, as the last plan found, and why. */
  staleCells: number;
  staleReasons: readonly string[];
}

/** One finished epoch of a cell with all that was measured. */
export interface EpochRow {
  grid: string;
  cellId: string;
  labels: Labels;
  state: RunState;
  epoch: number;
  step: number;
  /** Hash of the trainer's sources that decide numbers, of the run that the cell's results rest on; null where it isn't known. */
  sources: string | null;
  metrics: Readonly<Record<string, number | null>>;
}
