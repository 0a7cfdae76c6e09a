/** The parsed grid file: base settings, axes and what is taken out of or added to their product. */
import type { Objective } from '../../trainer/contract/run-spec.js';
import type { NodePath, Position, Problem } from './problem.js';
import type { RetryPolicy } from './retry-policy.js';
import type { Stopping } from './stopping.js';

/** Top-level keys whose values make up a RunSpec; every setting's path begins with one. */
export const sections = [
  'objective',
  'seed',
  'data',
  'model',
  'init',
  'optimizer',
  'scheduler',
  'augmentation',
  'train',
  'trainer',
  'params',
] as const;
export type Section = (typeof sections)[number];

/** One value put on one settings path, as written; `at` is its node in the file. */
export interface Setting {
  /** Dotted: `train.batchSize`. */
  path: string;
  value: unknown;
  at: NodePath;
  /** The axis that it comes from, if it does. */
  axisAt?: NodePath;
}

export interface AxisValue {
  /** Unique within the axis; text as written (`1.10`, `1e-3`). */
  label: string;
  /** The label as YAML reads it (`1.1`, `0.001`): what conditions could call it once. */
  plainLabel: string;
  value: unknown;
  at: NodePath;
}

export interface Axis {
  /** Dotted settings path: `model`, `optimizer.learningRate`. */
  path: string;
  values: readonly AxisValue[];
  at: NodePath;
}

/** Rows of one or several dimensions; all must be met. Dimension index → rows that meet it. */
export interface Match {
  rows: ReadonlyMap<number, ReadonlySet<number>>;
  at: NodePath;
}

/** One factor of the product: a single axis, or axes of equal length that advance together (`zip`). */
export interface Dimension {
  axes: readonly Axis[];
  /** Number of values of each of its axes. */
  size: number;
  /** Present only where this holds; otherwise the axes keep the base's value and have no label. */
  when: Match | null;
}

/** A cell beside the product: settings put on the base. */
export interface Inclusion {
  settings: readonly Setting[];
  labels: Readonly<Record<string, string>>;
  at: NodePath;
}

export interface Sample {
  count: number;
  seed: number;
}

export interface Limits {
  /** A run that takes longer fails with class `timeout`; null: no limit. */
  cellTimeoutSeconds: number | null;
  /** So long a slot or a cell waits for the machine: for space on the disk, for its engine, for a permission. */
  waitSeconds: number;
}

/** Finds nodes in the file that a grid came from. */
export interface GridSource {
  /** File as the user named it. */
  file: string;
  /** Position of the value (or the key) at `path`, if the file has it. */
  find(path: NodePath, part?: 'key' | 'value'): Position | undefined;
  /** The same, or that of the nearest node above. */
  locate(path: NodePath, part?: 'key' | 'value'): Position;
  /** The problems with the characters behind them that can't be told by looking (see strange-characters.ts). */
  explain(problems: readonly Problem[]): readonly Problem[];
}

export interface Grid {
  name: string;
  description: string;
  note: string;
  /** What is expected of it, each as `expect A > B`. */
  expect: readonly string[];
  /** What its cells are ranked by, unless an axis says otherwise. */
  objective: Objective;
  /** Absolute path of the file. */
  file: string;
  /** Absolute folder of the file, which its relative paths begin at. */
  folder: string;
  /** Absolute folder that overrides every `data.root`; null: the grid's own. */
  dataRoot: string | null;
  /** Best weights of the cells whose id starts with a prefix, for `init.from`. */
  cellWeights(prefix: string): readonly string[];
  base: readonly Setting[];
  dimensions: readonly Dimension[];
  exclude: readonly Match[];
  include: readonly Inclusion[];
  sample: Sample | null;
  retry: RetryPolicy;
  limits: Limits;
  /** Null: every cell is trained to its end. */
  stopping: Stopping | null;
  source: GridSource;
}
