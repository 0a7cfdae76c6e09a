/** What server and page say to each other: JSON of these shapes. Values are as the readings have them. */
import type { ControlAnswer } from '../domain/control.js';
import type { Objective } from '../domain/metric.js';
import type { RunState } from '../domain/run-state.js';
import type { CellWarning, Curve, Labels } from '../domain/stored.js';
import type { Block, LeaderboardRow } from '../leaderboard/row.js';
import type { CellReading } from '../readings/cell.js';
import type { RunProgress } from '../readings/progress.js';
import type { GridStatus } from '../readings/status.js';

/** Number of the newest change that an answer has in it: one that is older than a change that was told is asked for again. */
export interface Numbered {
  at: number;
}

/** An event of `/api/events`. */
export interface ChangesTold extends Numbered {
  /** False: changes before these weren't kept, or the store is another one: all that is shown is to be asked for again. */
  isWhole: boolean;
  /** Cells with a change, each once; too many of them: null, and any may be. */
  cells: readonly string[] | null;
}

export interface Session {
  /** Whether this browser has the token. */
  mayControl: boolean;
  /** Results folder, for people. */
  results: string;
}

export interface GridSummary {
  name: string;
  description: string;
  objective: Objective;
  counts: Record<RunState, number>;
  isRunning: boolean;
}

export interface GridsAnswer extends Numbered {
  grids: readonly GridSummary[];
}

/** An axis with its labels in the order of the grid. */
export interface AxisLabels {
  axis: string;
  labels: readonly string[];
}

interface FailureClassCount {
  failure: string;
  count: number;
}

/** Of all rows of a grid. */
export interface AxesAnswer extends Numbered {
  axes: readonly AxisLabels[];
}

export interface GridAnswer extends Numbered, GridSummary {
  running: GridStatus['running'];
  /** Failed cells and those that wait for their machine: the first of each, and why; `failures` counts all that have failed. */
  troubles: readonly { cell: string; labels: Labels; words: string }[];
  listedFailures: number;
  failures: readonly FailureClassCount[];
  warnings: readonly (Omit<CellWarning, 'cellId'> & { cell: string })[];
  live: RunProgress | null;
}

export interface LeaderboardAnswer extends Numbered {
  objective: Objective;
  /** Of all rows, and of those that the filter lets through. */
  all: number;
  matching: number;
  /** Place of the first row among those that match. */
  from: number;
  rows: readonly LeaderboardRow[];
  /** Of the whole grid: rows of equal budgets, and what can be told of them. */
  blocks: readonly Block[];
  /** Axes on which rows that match differ; seeds are folded. */
  differing: readonly string[];
}

/** Rows that have the same labels on the axes of a matrix. */
export interface Square {
  x: number;
  y: number;
  /** Mean over its rows; null: none has a value. */
  value: number | null;
  /** Over seeds, of a square with one row; null else. */
  std: number | null;
  /** Least and greatest value of its rows. */
  spread: readonly [number, number] | null;
  rows: number;
  seeds: number;
  state: RunState;
  failed: number;
  /** Of its best row. */
  cell: string;
}

export interface MatrixAnswer extends Numbered {
  objective: Objective;
  x: AxisLabels;
  y: AxisLabels;
  facet: string | null;
  facets: readonly { label: string | null; squares: readonly Square[] }[];
  /** Of the squares' values; null: none has one. */
  range: readonly [number, number] | null;
  /** What was left out since there is too much of it. */
  caps: readonly string[];
}

export interface Strip {
  label: string;
  mean: number | null;
  std: number | null;
  n: number;
  failed: number;
  /** Rows with about this value, and the first of them. */
  dots: readonly { value: number; rows: number; cell: string }[];
}

export interface StripsAnswer extends Numbered {
  objective: Objective;
  axes: readonly { axis: string; strips: readonly Strip[] }[];
  range: readonly [number, number] | null;
  caps: readonly string[];
}

export interface CellAnswer extends Numbered {
  reading: CellReading;
  /** Its row of the leaderboard of the first grid that it is in: with the cells that differ only in their seed. */
  row: LeaderboardRow | null;
  objective: Objective;
  /** Why runs failed or were interrupted, by attempt. */
  failures: Readonly<Record<number, string>>;
}

interface CellInShort {
  cell: string;
  labels: Labels;
  state: RunState;
  value: number | null;
  bestEpoch: number | null;
  epochs: number;
}

export interface CompareAnswer extends Numbered {
  cells: readonly (CellInShort & { spec: CellReading['spec'] })[];
}

export interface CurvesAnswer extends Numbered {
  cells: readonly { cell: string; metrics: Readonly<Record<string, Curve['points']>> }[];
}

export interface LogAnswer {
  /** Byte that the text begins at, and where to go on. */
  from: number;
  next: number;
  text: string;
}

export interface ControlAnswers {
  answers: readonly (ControlAnswer & { subject: string })[];
}
