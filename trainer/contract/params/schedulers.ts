/** Every scheduler by name with its parameters. Durations count ticks: epochs, or steps with `interval: step`. */
import { boolean, choice, integer, nullable, number, type Parameters, required } from '../schema.js';
import { belowOne, positive } from './bounds.js';

const factor = { exclusiveMinimum: 0, maximum: 1 };

const warmup: Parameters = {
  warmupEpochs: integer(0, { minimum: 0 }, 'Epochs of linear warm-up in front of the schedule (LinearLR)'),
  warmupStartFactor: number(1 / 3, factor, 'Share of the learning rate at the begin of the warm-up'),
};
const common = (interval: 'epoch' | 'step'): Parameters => ({
  ...warmup,
  interval: choice(
    interval,
    ['epoch', 'step'],
    'When the learning rate changes; what the schedule counts in, except for warmupEpochs',
  ),
});
const minLearningRate = number(0, { minimum: 0 }, 'Lower bound of the learning rate');
const gamma = (value: number) => number(value, factor, 'Learning rate × gamma at each reduction');
const count = (value: number, description: string) => integer(value, { minimum: 1 }, description);

export const schedulers = {
  /** ConstantLR, by default at the base learning rate throughout. */
  constant: {
    ...common('epoch'),
    factor: number(1, factor, 'Learning rate × factor in the first totalIters; 1: no change'),
    totalIters: integer(5, { minimum: 0 }, 'How long the factor holds'),
  },
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
    ...common('epoch'),
    tMax: nullable(count(1, 'Half a period; null: all after the warm-up')),
    minLearningRate,
  },
  /** CosineAnnealingWarmRestarts. */
  cosineWarmRestarts: {
    ...common('epoch'),
    t0: required(count(1, 'Length of the first period')),
    tMult: count(1, 'Each period is so many times as long as the one before it'),
    minLearningRate,
  },
  /** StepLR. */
  step: {
    ...common('epoch'),
    stepSize: required(count(1, 'From one reduction to the next')),
    gamma: gamma(0.1),
  },
  /** MultiStepLR. */
  multiStep: {
    ...common('epoch'),
    milestones: {
      type: 'array',
      items: { type: 'integer', minimum: 1 },
      minItems: 1,
      description: 'Where the learning rate is reduced',
    },
    gamma: gamma(0.1),
  },
  /** ExponentialLR. */
  exponential: { ...common('epoch'), gamma: required(gamma(1)) },
  /** PolynomialLR; over the whole run unless told otherwise. */
  polynomial: {
    ...common('epoch'),
    totalIters: nullable(count(1, 'Until 0 is reached; null: all after the warm-up')),
    power: number(1, positive, 'Exponent'),
  },
  /** LinearLR. */
  linear: {
    ...common('epoch'),
    startFactor: number(1 / 3, factor, 'Share of the learning rate at the begin'),
    endFactor: number(1, { minimum: 0, maximum: 1 }, 'Share of the learning rate at the end'),
    totalIters: {
      ...nullable(count(5, 'How long the way takes; null: all after the warm-up')),
      default: 5,
    },
  },
  /** OneCycleLR; the optimizer's learning rate is the peak. */
  oneCycle: {
    ...common('step'),
    pctStart: number(0.3, { exclusiveMinimum: 0, exclusiveMaximum: 1 }, 'Share of the run that goes up'),
    annealStrategy: choice('cos', ['cos', 'linear'], 'Shape of the way'),
    cycleMomentum: boolean(true, 'Momentum (or the first beta) goes the other way'),
    baseMomentum: number(0.85, { ...belowOne, exclusiveMinimum: 0 }, 'Momentum at the peak'),
    maxMomentum: number(0.95, { ...belowOne, exclusiveMinimum: 0 }, 'Momentum at both ends'),
    divFactor: number(25, positive, 'Peak / first learning rate'),
    finalDivFactor: number(1e4, positive, 'First / last learning rate'),
    threePhase: boolean(false, 'Down to the first learning rate as fast as up, then the rest'),
  },
} satisfies Record<string, Parameters>;

export type SchedulerName = keyof typeof schedulers;
