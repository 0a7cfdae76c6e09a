/** What a training step works with, and its settings. */
import type { Engine } from '../engine/engine.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { Rates } from '../schedules/schedule.js';
import type { AveragedWeights } from './averaged-weights.js';
import type { BatchUploader } from './device-batch.js';
import type { LossScaler } from './loss-scale.js';
import type { Network } from './network.js';

/** What the loss of a batch, and an evaluation, is made of. */
export interface LossParts {
  engine: Engine;
  network: Network;
  uploader: BatchUploader;
}

export interface StepParts extends LossParts {
  optimizer: Optimizer;
  /** Of a float16 run; null in others. */
  lossScaler: LossScaler | null;
  /** Null: there is none. */
  average: AveragedWeights | null;
  /** Called behind the backward pass of each batch, for one who measures. */
  onGradients?(): void;
}

/** What the loss of a batch depends on beside the weights. */
export interface LossOptions {
  seed: number;
  /** Key of the dropout masks: another one for each batch of the run. */
  batchNumber: number;
  classes: number;
  labelSmoothing: number;
}

export interface StepsOptions extends Omit<LossOptions, 'batchNumber'> {
  /** Steps taken before the first batch. */
  step: number;
  /** What is in force in the step after so many. */
  ratesAt(step: number): Rates;
  /** Batches of a step, and images of a batch; the last batch of an epoch may have less. */
  accumulate: number;
  batchSize: number;
  gradientClipNorm: number | null;
  gradientClipValue: number | null;
}
