import type { Schedule } from './schedule.js';

/**
 * torch.optim.lr_scheduler.CosineAnnealingLR (Loshchilov & Hutter 2017, without restarts): from the base learning rate
 * to `minLearningRate` in `tMax` epochs (null: in all epochs), and back again in the next `tMax`.
 */
export const cosine =
  ({ tMax, minLearningRate }: { tMax: number | null; minLearningRate: number }): Schedule =>
  ({ base, epoch, epochs }) =>
    minLearningRate + ((base - minLearningRate) * (1 + Math.cos((Math.PI * epoch) / (tMax ?? epochs)))) / 2;
