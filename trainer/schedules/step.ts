import type { Curve } from './schedule.js';

/** torch.optim.lr_scheduler.StepLR: × gamma every `stepSize` ticks. */
export const step =
  ({ stepSize, gamma }: { stepSize: number; gamma: number }): Curve =>
  ({ base, tick }) =>
    base * gamma ** Math.floor(tick / stepSize);
