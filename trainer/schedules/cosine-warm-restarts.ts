import { cosineBetween } from './cosine.js';
import type { Curve } from './schedule.js';

interface WarmRestarts {
  t0: number;
  tMult: number;
  minLearningRate: number;
}

/**
 * torch.optim.lr_scheduler.CosineAnnealingWarmRestarts (Loshchilov & Hutter 2017): a cosine over `t0` ticks, then again
 * from the top, each time over `tMult` times as many.
 */
export const cosineWarmRestarts =
  ({ t0, tMult, minLearningRate }: WarmRestarts): Curve =>
  ({ base, tick }) => {
    let [start, length] = [0, t0];
    while (tick >= start + length) {
      start += length;
      length *= tMult;
    }
    return cosineBetween(base, minLearningRate, (tick - start) / length);
  };
