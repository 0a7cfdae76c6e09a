import type { Curve } from './schedule.js';

/** torch.optim.lr_scheduler.MultiStepLR: × gamma at each milestone; one that is named twice counts twice. */
export const multiStep =
  ({ milestones, gamma }: { milestones: readonly number[]; gamma: number }): Curve =>
  ({ base, tick }) =>
    base * gamma ** milestones.filter(milestone => milestone <= tick).length;
