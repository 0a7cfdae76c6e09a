import { elementWise } from './element-wise.js';
import { type MomentSettings, momentScalars } from './moments.js';

interface NadamSettings extends MomentSettings {
  momentumDecay: number;
  decoupledWeightDecay: boolean;
}

/** torch.optim.NAdam: Adam with Nesterov momentum that grows over the steps (Dozat 2016). */
export const nadam = elementWise((settings: NadamSettings) => {
  const { momentumDecay, decoupledWeightDecay } = settings;
  const factor = (step: number) => settings.betas[0] * (1 - 0.5 * 0.96 ** (step * momentumDecay));
  const productUpTo = products(factor);
  return {
    rule: 'nadam',
    slots: { expAvg: 0, expAvgSq: 0 },
    scalars(moment) {
      const { step, learningRate } = moment;
      const product = productUpTo(step);
      const next = factor(step + 1);
      return {
        ...momentScalars(settings, moment, decoupledWeightDecay),
        gradientSize: (learningRate * (1 - factor(step))) / (1 - product),
        momentSize: (learningRate * next) / (1 - product * next),
      };
    },
  };
});

/** factor(1) · … · factor(step), multiplied in this order however it is asked for: a resumed run gets the same bits. */
function products(factor: (step: number) => number): (step: number) => number {
  let known = { step: 0, product: 1 };
  return step => {
    if (step < known.step) known = { step: 0, product: 1 };
    while (known.step < step) {
      const next = known.step + 1;
      known = { step: next, product: known.product * factor(next) };
    }
    return known.product;
  };
}
