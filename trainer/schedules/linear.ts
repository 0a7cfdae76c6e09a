import type { Curve } from './schedule.js';

export interface Line {
  startFactor: number;
  endFactor: number;
  /** Null: all ticks. */
  totalIters: number | null;
}

/** torch.optim.lr_scheduler.LinearLR: from × startFactor to × endFactor in `totalIters` ticks. */
export const linear =
  ({ startFactor, endFactor, totalIters }: Line): Curve =>
  ({ base, tick, ticks }) => {
    const total = totalIters ?? ticks;
    return base * (startFactor + ((endFactor - startFactor) * Math.min(tick, total)) / total);
  };
