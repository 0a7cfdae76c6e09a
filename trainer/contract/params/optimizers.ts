/** Every optimizer by name with its parameters. */
import { boolean, number, type Parameters, pair } from '../schema.js';
import { belowOne, positive, share } from './bounds.js';

const learningRate = number(1e-3, positive, 'Learning rate before the scheduler');
const betas = pair([0.9, 0.999], belowOne, 'Decay rates of the first and second moment');
const epsilon = number(1e-8, positive, 'Added to the denominator');
const weightDecay = (value: number, kind: string) => number(value, { minimum: 0 }, kind);

export const optimizers = {
  sgd: {
    learningRate,
    momentum: number(0, belowOne, 'Momentum factor'),
    dampening: number(0, share, 'Dampening of the momentum'),
    nesterov: boolean(false, 'Nesterov momentum (needs momentum > 0 and no dampening)'),
    weightDecay: weightDecay(0, 'L2 penalty, added to the gradient'),
  },
  adam: { learningRate, betas, epsilon, weightDecay: weightDecay(0, 'L2 penalty, added to the gradient') },
  adamw: { learningRate, betas, epsilon, weightDecay: weightDecay(1e-2, 'Decoupled weight decay') },
} satisfies Record<string, Parameters>;

export type OptimizerName = keyof typeof optimizers;
