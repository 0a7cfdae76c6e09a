/** Every optimizer by name with its parameters. */
import { boolean, choice, integer, mapping, nullable, number, type Parameters, pair } from '../schema.js';
import { belowOne, positive, share } from './bounds.js';

/** What every optimizer has. */
const common = (options: { learningRate: number; weightDecay: number; decay: string }): Parameters => ({
  learningRate: number(options.learningRate, positive, 'Learning rate before the scheduler'),
  weightDecay: number(options.weightDecay, { minimum: 0 }, options.decay),
  noDecay: boolean(false, 'No weight decay for biases, norms and embeddings'),
  layerDecay: number(
    1,
    { exclusiveMinimum: 0, maximum: 1 },
    'Learning rate × this once for each layer between a parameter and the head',
  ),
  lookahead: nullable(
    mapping('Slow weights that follow (Zhang et al. 2019); null: none', {
      steps: integer(5, { minimum: 1 }, 'Steps between two moves of the slow weights'),
      alpha: number(0.5, { exclusiveMinimum: 0, maximum: 1 }, 'Share of the way that they go'),
    }),
  ),
  sam: nullable(
    mapping(
      'Sharpness-aware: gradients are taken where the loss is highest nearby (Foret et al. 2021); null: none',
      {
        rho: number(0.05, positive, 'How far away; with `adaptive` ten times as far is usual'),
        adaptive: boolean(false, 'Distance relative to the size of each weight (ASAM, Kwon et al. 2021)'),
        eta: number(0.01, { minimum: 0 }, 'Added to the size of each weight (adaptive)'),
      },
    ),
  ),
});

const penalty = 'L2 penalty, added to the gradient';
const decoupled = 'Decoupled weight decay';
const either = boolean(false, 'Weight decay apart from the gradient, as in AdamW');

const betas = (values: [number, number]) =>
  pair(values, belowOne, 'Decay rates of the first and second moment');
const epsilon = (value: number) => number(value, positive, 'Added to the denominator');
const momentum = (value: number) => number(value, belowOne, 'Momentum factor');
const moments = { betas: betas([0.9, 0.999]), epsilon: epsilon(1e-8) };
const amsgrad = boolean(false, 'Divide by the largest second moment so far (Reddi et al. 2018)');
const adaptive = { learningRate: 1e-3, weightDecay: 0, decay: penalty };

export const optimizers = {
  sgd: {
    ...common({ learningRate: 1e-3, weightDecay: 0, decay: penalty }),
    momentum: momentum(0),
    dampening: number(0, share, 'Dampening of the momentum'),
    nesterov: boolean(false, 'Nesterov momentum (needs momentum > 0 and no dampening)'),
  },
  adam: { ...common(adaptive), ...moments, amsgrad },
  adamw: { ...common({ learningRate: 1e-3, weightDecay: 1e-2, decay: decoupled }), ...moments, amsgrad },
  nadam: {
    ...common({ ...adaptive, learningRate: 2e-3 }),
    ...moments,
    momentumDecay: number(4e-3, { minimum: 0 }, 'Decay of the momentum over the steps'),
    decoupledWeightDecay: either,
  },
  radam: { ...common(adaptive), ...moments, decoupledWeightDecay: either },
  adamax: { ...common({ ...adaptive, learningRate: 2e-3 }), ...moments },
  rmsprop: {
    ...common({ learningRate: 1e-2, weightDecay: 0, decay: penalty }),
    alpha: number(0.99, belowOne, 'Decay rate of the average of squares'),
    epsilon: epsilon(1e-8),
    momentum: momentum(0),
    centered: boolean(false, 'Divide by the standard deviation of the gradient, not by its root mean square'),
  },
  adagrad: {
    ...common({ learningRate: 1e-2, weightDecay: 0, decay: penalty }),
    learningRateDecay: number(0, { minimum: 0 }, 'Learning rate / (1 + steps × this)'),
    initialAccumulator: number(0, { minimum: 0 }, 'What the sum of squares starts from'),
    epsilon: epsilon(1e-10),
  },
  adadelta: {
    ...common({ learningRate: 1, weightDecay: 0, decay: penalty }),
    rho: number(0.9, belowOne, 'Decay rate of both averages'),
    epsilon: epsilon(1e-6),
  },
  /** timm's. */
  lion: {
    ...common({ learningRate: 1e-4, weightDecay: 0, decay: decoupled }),
    betas: pair(
      [0.9, 0.99],
      { exclusiveMinimum: 0, exclusiveMaximum: 1 },
      'Decay rates of the moment in the step and after it',
    ),
  },
  /** timm's. */
  lamb: {
    ...common({ learningRate: 1e-3, weightDecay: 1e-2, decay: 'Weight decay in the direction of the step' }),
    betas: betas([0.9, 0.999]),
    epsilon: epsilon(1e-6),
    maxGradientNorm: {
      ...nullable(number(1, positive, 'Largest global norm of the gradients; null: no clipping')),
      default: 1,
    },
    trustClip: boolean(false, 'Never scale a step up'),
    alwaysAdapt: boolean(false, 'Scale steps without weight decay, too'),
    decoupledWeightDecay: either,
  },
  muon: {
    ...common({ learningRate: 1e-3, weightDecay: 0.1, decay: decoupled }),
    momentum: momentum(0.95),
    nesterov: boolean(true, 'Nesterov momentum'),
    newtonSchulzSteps: integer(5, { minimum: 1, maximum: 20 }, 'Iterations of the orthogonalization'),
    adjustLearningRate: choice(
      'original',
      ['original', 'matchRmsAdamw'],
      'Steps × sqrt(max(1, outputs / inputs)), or of the size of AdamW’s',
    ),
    adamwLearningRate: number(3e-4, positive, 'Learning rate of the parameters that AdamW takes'),
    ...moments,
  },
} satisfies Record<string, Parameters>;

export type OptimizerName = keyof typeof optimizers;
