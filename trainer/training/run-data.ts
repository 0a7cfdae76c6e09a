/** What the loop needs of the data: implemented by data/, replaced in tests. */
import type { AugmentationSpec } from '../contract/run-spec.js';
import type { Batch, Normalization } from '../data/batch.js';
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
  image: ImageShape;
  classes: number;
  trainImages: number;
  validationImages: number;
  /** What images need on the device, from the `normalize` transform. */
  normalization(augmentation: AugmentationSpec): Normalization;
  /** Shuffled and augmented: a function of (seed, epoch) alone. */
  trainBatches(order: TrainOrder): AsyncIterable<Batch>;
  /** In a fixed order, without augmentation. */
  validationBatches(batchSize: number): AsyncIterable<Batch>;
}
