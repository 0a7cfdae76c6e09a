/** Every scheduler by name with its parameters. */
import { choice, integer, nullable, number, type Parameters, required } from '../schema.js';

const warmup: Parameters = {
  warmupEpochs: integer(0, { minimum: 0 }, 'Epochs of linear warm-up in front of the schedule (LinearLR)'),
  warmupStartFactor: number(
    1 / 3,
    { exclusiveMinimum: 0, maximum: 1 },
    'Share of the learning rate at the first epoch of the warm-up',
  ),
};
const minLearningRate = number(0, { minimum: 0 }, 'Lower bound of the learning rate');

export const schedulers = {
  constant: { ...warmup },
  /** ReduceLROnPlateau. */
  plateau: {
    ...warmup,
    metric: choice(
      'validationLoss',
      ['validationLoss', 'validationAccuracy', 'trainLoss', 'trainAccuracy'],
      'Metric that is watched; accuracies are maximized, losses minimized',
    ),
    factor: number(0.1, { exclusiveMinimum: 0, exclusiveMaximum: 1 }, 'Learning rate × factor at a plateau'),
    patience: integer(10, { minimum: 0 }, 'Epochs without improvement that are allowed'),
    threshold: number(1e-4, { minimum: 0 }, 'Smallest change that counts as improvement'),
    thresholdMode: choice('rel', ['rel', 'abs'], 'Threshold relative to the best value, or absolute'),
    cooldown: integer(0, { minimum: 0 }, 'Epochs to wait after a reduction'),
    minLearningRate,
    epsilon: number(1e-8, { minimum: 0 }, 'Smallest reduction that is made'),
  },
  /** CosineAnnealingLR. */
  cosine: {
    ...warmup,
    tMax: nullable(integer(1, { minimum: 1 }, 'Half a period in epochs; null: all epochs after the warm-up')),
    minLearningRate,
  },
  /** StepLR. */
  step: {
    ...warmup,
    stepSize: required(integer(1, { minimum: 1 }, 'Epochs between reductions')),
    gamma: number(0.1, { exclusiveMinimum: 0, maximum: 1 }, 'Learning rate × gamma at each reduction'),
  },
} satisfies Record<string, Parameters>;

export type SchedulerName = keyof typeof schedulers;
