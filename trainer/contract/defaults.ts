/** Defaults of the settings that are no components; the same in the grid's schema and in the trainer. */
import type { AugmentationSpec, DataSpec, EmaSpec, ExpansionSpec, Objective, TrainSpec } from './run-spec.js';

export const defaultObjective: Objective = { metric: 'validationAccuracy', direction: 'maximize' };

export const defaultTrain: TrainSpec = {
  epochs: 10,
  batchSize: 64,
  accumulate: 1,
  labelSmoothing: 0,
  dropLast: false,
  gradientClipNorm: null,
  gradientClipValue: null,
  freeze: [],
  ema: null,
  precision: 'float32',
};

/** Where `train.ema` is not null. */
export const defaultEma: EmaSpec = { decay: 0.9998, updateEvery: 1, warmup: true };

export const defaultData: Omit<DataSpec, 'name' | 'format' | 'root'> = {
  images: null,
  labels: null,
  validationLabels: null,
  columns: { id: 'Id', label: 'Category' },
  imageSize: null,
  channels: 3,
  validation: { source: 'split', fraction: 0.2, stratified: true, seed: 0 },
  limit: { classes: null, imagesPerClass: null },
  skipBad: false,
  shortSide: null,
};

/** No augmentation, and ImageNet's statistics. */
export const defaultAugmentation: AugmentationSpec = {
  transforms: [{ name: 'normalize' }],
  mix: [],
  mixProbability: 1,
  repeats: 1,
  expansion: null,
};

/** What an `expansion` leaves out. */
export const defaultExpansion: ExpansionSpec = { copies: 1, keepOriginals: true, transforms: [], seed: 0 };

export const defaultSeed = 0;
