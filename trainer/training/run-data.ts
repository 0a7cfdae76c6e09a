/** What the loop needs of the data: implemented by data/, replaced in tests. */
import type { AugmentationSpec, DataSpec } from '../contract/run-spec.js';
import type { Batch } from '../data/batch.js';
import type { Waiting } from '../files/lock-file.js';
import type { ImageShape } from './device-batch.js';

export interface TrainOrder {
  batchSize: number;
  dropLast: boolean;
  seed: number;
  /** 0-based: every epoch has its own order and augmentation. */
  epoch: number;
  augmentation: AugmentationSpec;
}

/** An open data set, split into training and validation images. */
export interface RunData {
  /** As `inspect` reports it. */
  fingerprint: string;
  /** Which of the data's images are for validation, and in which order: hash of that, see `splitHash`. */
  split: string;
  image: ImageShape;
  classes: number;
  /** In class order, as the data set writes them. */
  classNames: readonly string[];
  trainImages: number;
  validationImages: number;
  /** What a run should tell of the data: images that were left out. */
  warnings: readonly string[];
  /** As `inspect` reports it. */
  hasDrawnTies?: boolean | undefined;
  /** Shuffled and augmented: a function of (seed, epoch) alone. */
  trainBatches(order: TrainOrder): AsyncIterable<Batch>;
  /** In a fixed order, without augmentation. */
  validationBatches(batchSize: number): AsyncIterable<Batch>;
}

/** Opens the data of a RunSpec; `cacheDir` holds decoded data. Rejects with a DataError where they can't be used. */
export type OpenData = (spec: DataSpec, cacheDir: string, waiting?: Waiting) => Promise<RunData>;
