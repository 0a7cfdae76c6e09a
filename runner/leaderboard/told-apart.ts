import { type Moments, welchTest } from '../statistics/welch.js';

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
export const ranksExplained = `A row's value is the mean of its seeds at their best epochs. Seeds that ended without a value (diverged, failed for good)
count as worse than any value: rows rank by the share of such seeds first, then by the mean of the others, shown in
parentheses. Seeds that aren't done yet, or whose slot was lost, don't count. The column "rests on" says all of that, and fewer
epochs than asked for, a NaN after the best epoch, and stale results, as the last \`grid plan\` or \`grid run\` found.

Rows share a rank when they can't be told apart from the first row of that rank:
  both with 2 seeds or more   Welch's t-test over the seeds, two-sided p >= 0.05
  one with a single seed      accuracies: difference < 1.96 standard errors; that of a single seed is the binomial
                              sqrt(p (1 - p) / n) of n validation images, that of several is std / sqrt(seeds)
  otherwise                   equal values only
Rows with another share of seeds without a value never share a rank.`;

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
