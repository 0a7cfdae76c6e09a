import type { Schedule } from './schedule.js';

/** torch.optim.lr_scheduler.StepLR: × gamma every `stepSize` epochs. */
export const step =
  ({ stepSize, gamma }: { stepSize: number; gamma: number }): Schedule =>
  ({ base, epoch }) =>
    base * gamma ** Math.floor(epoch / stepSize);
