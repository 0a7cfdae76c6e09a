import { elementWise, type Moment } from './element-wise.js';

interface RmspropSettings {
  alpha: number;
  epsilon: number;
  momentum: number;
  centered: boolean;
}

/** torch.optim.RMSprop (Hinton 2012; centered: Graves 2013): epsilon outside the root, learning rate outside the buffer. */
export const rmsprop = elementWise(({ alpha, epsilon, momentum, centered }: RmspropSettings) => {
  const scalars = (moment: Moment) => ({
    penalty: moment.weightDecay,
    alpha,
    rest: 1 - alpha,
    learningRate: moment.learningRate,
    epsilon,
    factor: moment.momentum ?? momentum,
  });
  const slots = { squareAvg: 0 };
  if (!centered && momentum === 0) return { rule: 'rmsprop', slots, scalars };
  if (!centered) return { rule: 'rmspropMomentum', slots: { ...slots, momentum: 0 }, scalars };
  if (momentum === 0) return { rule: 'rmspropCentered', slots: { ...slots, gradAvg: 0 }, scalars };
  return { rule: 'rmspropCenteredMomentum', slots: { ...slots, gradAvg: 0, momentum: 0 }, scalars };
});
