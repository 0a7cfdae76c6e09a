/** What Adam and its kin share: the scalars of two moments with bias corrections. */
import type { Moment } from './element-wise.js';

/** Parameters of the whole family (contract/params/optimizers.ts). */
export interface MomentSettings {
  betas: readonly [number, number];
  epsilon: number;
}

/**
 * Scalars of the moments and of the denominator of Adam's rules. The decay rates are rounded to float32 first, since the
 * moments are made with the rounded ones: corrections and moments fit together however many steps were taken.
 */
export function momentScalars(
  { betas, epsilon }: MomentSettings,
  { step, learningRate, weightDecay, momentum = betas[0] }: Moment,
  decoupled: boolean,
) {
  const [beta1, beta2] = [Math.fround(momentum), Math.fround(betas[1])];
  return {
    beta1,
    beta2,
    epsilon,
    rest1: 1 - beta1,
    rest2: 1 - beta2,
    penalty: decoupled ? 0 : weightDecay,
    shrink: decoupled ? 1 - learningRate * weightDecay : 1,
    correction: Math.sqrt(1 - beta2 ** step),
    /** The learning rate over the first moment's correction. */
    stepSize: learningRate / (1 - beta1 ** step),
  };
}
