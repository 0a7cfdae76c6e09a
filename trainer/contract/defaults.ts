/** Defaults of the settings that are no components; the same in the grid's schema and in the trainer. */
import type { AugmentationSpec, DataSpec, Objective, TrainSpec } from './run-spec.js';

export const defaultObjective: Objective = { metric: 'validationAccuracy', direction: 'maximize' };

export const defaultTrain: TrainSpec = {
  epochs: 10,
  batchSize: 64,
  labelSmoothing: 0,
  dropLast: false,
  gradientClipNorm: null,
  precision: 'float32',
};

export const defaultData: Omit<DataSpec, 'name' | 'format' | 'root'> = {
  images: null,
  labels: null,
  validationLabels: null,
  columns: { id: 'Id', label: 'Category' },
  imageSize: null,
  channels: 3,
  validation: { source: 'split', fraction: 0.2, stratified: true, seed: 0 },
  limit: { classes: null, imagesPerClass: null },
};

/** No augmentation, and ImageNet's statistics. */
export const defaultAugmentation: AugmentationSpec = {
  transforms: [{ name: 'normalize' }],
  mix: [],
  mixProbability: 1,
};

export const defaultSeed = 0;
