import { elementWise } from './element-wise.js';

interface AdadeltaSettings {
  rho: number;
  epsilon: number;
}

/** torch.optim.Adadelta (Zeiler 2012). */
export const adadelta = elementWise(({ rho, epsilon }: AdadeltaSettings) => ({
  rule: 'adadelta',
  slots: { squareAvg: 0, accDelta: 0 },
  scalars: ({ learningRate, weightDecay: penalty }) => ({
    penalty,
    rho,
    rest: 1 - rho,
    learningRate,
    epsilon,
  }),
}));
