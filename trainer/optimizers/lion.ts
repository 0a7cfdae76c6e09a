import { elementWise } from './element-wise.js';

interface LionSettings {
  betas: readonly [number, number];
}

/** Lion (Chen et al. 2023): steps of one size, in the direction of a moment's sign; decoupled weight decay. */
export const lion = elementWise(({ betas }: LionSettings) => ({
  rule: 'lion',
  slots: { expAvg: 0 },
  scalars({ learningRate, weightDecay, momentum: beta1 = betas[0] }) {
    const beta2 = betas[1];
    const shrink = 1 - learningRate * weightDecay;
    return { learningRate, shrink, beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2 };
  },
}));
