/**
 * NDJSON between runner and trainer. Requests go to the trainer's stdin, one a line; events come from its
 * stdout, one a line; everything human goes to stderr. End of stdin means that the runner is gone: the
 * trainer stops at once (all but the unfinished epoch is on disk).
 */
import type { CpuFeatures } from './cpu-features.js';
import type { Precision, RunSpec, TrainSpec } from './run-spec.js';

export interface RunRequest {
  type: 'run';
  cellId: string;
  attempt: number;
  spec: RunSpec;
  /** Absolute folder of the cell: checkpoints and everything else that the trainer writes. */
  runDir: string;
  /** Absolute folder for decoded data, shared by all cells of a machine. */
  cacheDir: string;
  /** After this epoch it ends as if it were drained; absent: after the last one. */
  untilEpoch?: number;
}

export type TrainerRequest =
  | RunRequest
  /** Finish the running epoch, write the checkpoint, answer `interrupted` (or `completed`). */
  | { type: 'drain' }
  /** End after the current run. */
  | { type: 'shutdown' };

export type EngineName = 'tensorflow' | 'wasm' | 'cpu';

export interface EngineInfo {
  name: EngineName;
  /** e.g. `tfjs-node 4.22.0 / TensorFlow 2.21.0`. */
  version: string;
  /** e.g. `cpu x1 thread`, `NVIDIA H100`. */
  device: string;
  /** Of the native engine on a CPU. Absent: other engines and devices, and what was recorded before this was. */
  cpu?: CpuFeatures;
}

/** What a result rests on beside its RunSpec. A difference makes it stale. */
export interface Provenance {
  dataFingerprint: string;
  trainerVersion: string;
  engine: EngineInfo;
  /**
   * Hash of the trainer's sources that decide numbers (numerics-history.ts), from which the version follows; of itself it makes nothing
   * stale. Absent: a trainer of others, and what was recorded before there was one.
   */
  sources?: string;
}

/** Metric name → value. NaN and infinities travel as null. */
export type Metrics = Record<string, number | null>;

/** One finished epoch. Deterministic metrics and measured ones (`seconds`, `imagesPerSecond`, `dataWaitShare`, `memoryMegabytes`). */
export interface EpochRecord {
  /** 1-based: the number of finished epochs. */
  epoch: number;
  /** Optimizer steps taken so far. */
  step: number;
  metrics: Metrics;
}

/** Names of the metrics that every run of the shared trainer reports. */
export const epochMetrics = [
  'trainLoss',
  'trainAccuracy',
  'validationLoss',
  'validationAccuracy',
  'validationTop5Accuracy',
  'learningRate',
  'imagesPerSecond',
  'dataWaitShare',
  'memoryMegabytes',
  'seconds',
] as const;

/** What runs with `train.ema` report as well: the same of the averaged weights. */
export const emaMetrics = [
  'emaValidationLoss',
  'emaValidationAccuracy',
  'emaValidationTop5Accuracy',
] as const;

/** Whether a metric is of the averaged weights. */
export const isOfAverage = (metric: string): boolean => (emaMetrics as readonly string[]).includes(metric);

/** Names of the metrics that a run with these settings reports. */
export const metricsOf = ({ ema }: Pick<TrainSpec, 'ema'>): readonly string[] =>
  ema === null ? epochMetrics : [...epochMetrics, ...emaMetrics];

/** In MB (10⁶ bytes), whole ones. */
export interface MemoryUse {
  megabytes: number;
  /** Null: it has no GPU, or nobody can tell. */
  gpuMegabytes: number | null;
}

/** Measured metrics: they differ from run to run of the same cell. */
export const measuredMetrics: readonly string[] = [
  'imagesPerSecond',
  'dataWaitShare',
  'memoryMegabytes',
  'seconds',
];

/**
 * Why a run ended without completing. `environment`: a condition of the machine (see machine-conditions.ts, and an engine
 * that doesn't load), no fault of the cell, which is never failed by it: its run counts as interrupted.
 */
export const failureClasses = [
  'badConfiguration',
  'environment',
  'outOfMemory',
  'crash',
  'lostSlot',
  'nanLoss',
  'timeout',
] as const;
export type FailureClass = (typeof failureClasses)[number];

export type TrainerEvent =
  /** The process is up and its engine loaded. */
  | {
      type: 'ready';
      pid: number;
      engine: EngineInfo;
      trainerVersion: string;
      /** Number formats that the engine computes in here; absent: a trainer of others that doesn't say. */
      precisions?: readonly Precision[];
    }
  | {
      type: 'started';
      cellId: string;
      /** Absent: a trainer of others that doesn't say. */
      provenance?: Provenance;
      /** Finished epochs found on disk; 0: from the beginning. */
      resumedFromEpoch: number;
      /** The epochs found on disk, so that a reader that missed them catches up. */
      history: EpochRecord[];
      parameters: number;
      trainImages: number;
      validationImages: number;
      classes: number;
    }
  /** At most a few a second, for the live view; never stored. */
  | {
      type: 'progress';
      cellId: string;
      epoch: number;
      step: number;
      stepsPerEpoch: number;
      loss: number | null;
    }
  | ({ type: 'epoch'; cellId: string } & EpochRecord)
  /** On disk, atomically. `path` is relative to runDir. */
  | { type: 'checkpoint'; cellId: string; kind: 'last' | 'best'; epoch: number; path: string }
  /** `weightsHash`: SHA-256 of the last weights in state-dict order. */
  | { type: 'completed'; cellId: string; epochs: number; weightsHash: string }
  /** Drained: on disk up to `epoch`. */
  | { type: 'interrupted'; cellId: string; epoch: number }
  | { type: 'warning'; cellId: string; message: string }
  /** A condition of the machine holds the run up: it looks again, and any other event says that it goes on. */
  | { type: 'waiting'; cellId: string; reason: string }
  /** The most that the run has held so far, of the machine's memory with all of its processes, and of its GPU's; a slot measures it, a trainer may tell it. */
  | ({ type: 'memory'; cellId: string } & MemoryUse)
  | { type: 'failed'; cellId: string; failure: FailureClass; message: string; step?: number };

/** Answer of `trainer inspect`: reads `DataSpec` JSON on stdin, prints this. Loads no engine. */
export interface DataInspection {
  /** Hash of what the data holds (after no limit or split): equal content, equal fingerprint, wherever it lies. */
  fingerprint: string;
  /** Images that can be trained on, after `limit`, before the split. */
  images: number;
  validationImages: number;
  /** There are too few validation images for all classes, and the seed has drawn those that have some. */
  hasDrawnTies?: boolean;
  classes: { name: string; count: number }[];
  /** Distinct stored sizes with their counts, most frequent first. */
  imageSizes: { height: number; width: number; count: number }[];
  /** The size that the model sees; null where sizes differ and `imageSize` is not given. */
  imageSize: number | null;
  problems: DataProblem[];
}

export interface DataProblem {
  severity: 'error' | 'warning';
  /** Which key of the DataSpec it belongs to: `labels`, `images`, `root`, `columns.id`, … */
  key: string;
  /** What is wrong and what was expected; names file and line where there is one. */
  message: string;
}
