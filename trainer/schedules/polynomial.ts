import type { Curve } from './schedule.js';

/** torch.optim.lr_scheduler.PolynomialLR: to 0 in `totalIters` ticks (null: in all of them). */
export const polynomial =
  ({ totalIters, power }: { totalIters: number | null; power: number }): Curve =>
  ({ base, tick, ticks }) => {
    const total = totalIters ?? ticks;
    return base * (1 - Math.min(tick, total) / total) ** power;
  };
