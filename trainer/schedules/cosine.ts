import type { Curve } from './schedule.js';

/** From `high` (progress 0) to `low` (progress 1) along half a cosine. */
export const cosineBetween = (high: number, low: number, progress: number): number =>
  low + ((high - low) * (1 + Math.cos(Math.PI * progress))) / 2;

/**
 * torch.optim.lr_scheduler.CosineAnnealingLR (Loshchilov & Hutter 2017, without restarts): from the base learning rate
 * to `minLearningRate` in `tMax` ticks (null: in all of them), and back again in the next `tMax`.
 */
export const cosine =
  ({ tMax, minLearningRate }: { tMax: number | null; minLearningRate: number }): Curve =>
  ({ base, tick, ticks }) =>
    cosineBetween(base, minLearningRate, tick / (tMax ?? ticks));
