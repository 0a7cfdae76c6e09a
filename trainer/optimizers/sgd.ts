import { elementWise } from './element-wise.js';

interface SgdSettings {
  momentum: number;
  dampening: number;
  nesterov: boolean;
}

/** torch.optim.SGD: the learning rate stays outside the momentum buffer, whose first value is the gradient itself. */
export const sgd = elementWise(({ momentum: base, dampening, nesterov }: SgdSettings) => {
  if (base === 0)
    return {
      rule: 'sgd',
      slots: {},
      scalars: ({ learningRate, weightDecay }) => ({ learningRate, penalty: weightDecay }),
    };
  return {
    rule: 'sgdMomentum',
    slots: { momentum: 0 },
    scalars: ({ step, learningRate, weightDecay, momentum: factor = base }) => ({
      learningRate,
      penalty: weightDecay,
      factor,
      keep: step === 1 ? 1 : 1 - dampening,
      ...(nesterov ? { look: 1, ahead: factor } : { look: 0, ahead: 1 }),
    }),
  };
});
