import { elementWise } from './element-wise.js';
import { type MomentSettings, momentScalars } from './moments.js';

/** torch.optim.Adamax (Kingma and Ba 2015, section 7.1): Adam with the infinity norm. */
export const adamax = elementWise((settings: MomentSettings) => ({
  rule: 'adamax',
  slots: { expAvg: 0, expInf: 0 },
  scalars: moment => momentScalars(settings, moment, false),
}));
