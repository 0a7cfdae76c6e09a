import type { Curve } from './schedule.js';

/** torch.optim.lr_scheduler.ExponentialLR: × gamma at every tick. */
export const exponential =
  ({ gamma }: { gamma: number }): Curve =>
  ({ base, tick }) =>
    base * gamma ** tick;
