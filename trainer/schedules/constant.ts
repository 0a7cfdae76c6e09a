import type { Curve } from './schedule.js';

/** torch.optim.lr_scheduler.ConstantLR: × factor in the first `totalIters` ticks; 1, the default, is no schedule at all. */
export const constant =
  ({ factor, totalIters }: { factor: number; totalIters: number }): Curve =>
  ({ base, tick }) =>
    tick < totalIters ? base * factor : base;
