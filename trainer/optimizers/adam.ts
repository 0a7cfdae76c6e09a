import { elementWise } from './element-wise.js';
import { type MomentSettings, momentScalars } from './moments.js';
import type { OptimizerFactory } from './optimizer.js';

export interface AdamSettings extends MomentSettings {
  amsgrad: boolean;
}

/** Adam with either kind of weight decay. */
export const adamFamily = (decoupled: boolean): OptimizerFactory<AdamSettings> =>
  elementWise(settings => {
    const slots = { expAvg: 0, expAvgSq: 0 };
    const { amsgrad } = settings;
    return {
      ...(amsgrad ? { rule: 'amsgrad', slots: { ...slots, maxExpAvgSq: 0 } } : { rule: 'adam', slots }),
      scalars: moment => momentScalars(settings, moment, decoupled),
    };
  });

/**
 * torch.optim.Adam (Kingma and Ba 2015): weight decay is an L2 penalty in the gradient. With `amsgrad` (Reddi et al.
 * 2018) the largest second moment so far divides.
 */
export const adam = adamFamily(false);
