import { elementWise } from './element-wise.js';
import { type MomentSettings, momentScalars } from './moments.js';

interface RadamSettings extends MomentSettings {
  decoupledWeightDecay: boolean;
}

/** Drowns any root of a second moment: expAvg · drown / (root + drown) is expAvg. A power of two: nothing is rounded. */
const drown = 2 ** 60;

/**
 * torch.optim.RAdam (Liu et al. 2020): as long as the variance of the second moment is unknown, steps of the plain first
 * moment; then Adam's, rectified. Epsilon is added to the root before its correction.
 */
export const radam = elementWise((settings: RadamSettings) => ({
  rule: 'adam',
  slots: { expAvg: 0, expAvgSq: 0 },
  scalars(moment) {
    const { correction, ...scalars } = momentScalars(settings, moment, settings.decoupledWeightDecay);
    const rectification = rectify(settings.betas[1], moment.step);
    if (rectification === null)
      return { ...scalars, correction: 1, epsilon: drown, stepSize: scalars.stepSize * drown };
    return { ...scalars, correction: 1, stepSize: scalars.stepSize * rectification * correction };
  },
}));

/** The factor of the adaptive step, or null while it can't be told. */
function rectify(beta2: number, step: number): number | null {
  const limit = 2 / (1 - beta2) - 1;
  const length = limit - (2 * step * beta2 ** step) / (1 - beta2 ** step);
  if (length <= 5) return null;
  const numerator = (length - 4) * (length - 2) * limit;
  return Math.sqrt(numerator / ((limit - 4) * (limit - 2) * length));
}
