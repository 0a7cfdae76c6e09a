import { elementWise } from './element-wise.js';

interface AdagradSettings {
  learningRateDecay: number;
  initialAccumulator: number;
  epsilon: number;
}

/** torch.optim.Adagrad (Duchi et al. 2011). */
export const adagrad = elementWise(({ learningRateDecay, initialAccumulator, epsilon }: AdagradSettings) => ({
  rule: 'adagrad',
  slots: { sum: initialAccumulator },
  scalars: ({ step, learningRate, weightDecay }) => ({
    penalty: weightDecay,
    epsilon,
    rate: learningRate / (1 + (step - 1) * learningRateDecay),
  }),
}));
