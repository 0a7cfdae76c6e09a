import { type Moments, welchTest } from './statistics.js';

/** What two rows are compared by. */
export interface Measured {
  mean: number;
  /** Null for a single value. */
  std: number | null;
  n: number;
  /** Images that the accuracies were measured on; null: unknown, or no accuracies. */
  images: number | null;
}

const significance = 0.05;
/** Two-sided 5% point of the normal distribution. */
const normalQuantile = 1.96;

/** For `grid leaderboard --help`. */
export const ranksExplained = `Rows share a rank when they can't be told apart from the first row of that rank:
  both with 2 seeds or more   Welch's t-test over the seeds, two-sided p >= 0.05
  one with a single seed      accuracies: difference < 1.96 standard errors; that of a single seed is the binomial
                              sqrt(p (1 - p) / n) of n validation images, that of several is std / sqrt(seeds)
  otherwise                   equal values only`;

/** Whether two rows differ by more than chance; `ranksExplained` says how that is decided. */
export function canBeToldApart(a: Measured, b: Measured): boolean {
  if (a.std !== null && b.std !== null) return welchTest(a as Moments, b as Moments) < significance;
  const variance = squaredError(a) + squaredError(b);
  const difference = Math.abs(a.mean - b.mean);
  return Number.isNaN(variance) || variance === 0
    ? difference > 0
    : difference >= normalQuantile * Math.sqrt(variance);
}

/** NaN: not known. */
function squaredError({ mean, std, n, images }: Measured): number {
  if (std !== null) return std ** 2 / n;
  return images === null ? Number.NaN : (mean * (1 - mean)) / images;
}
