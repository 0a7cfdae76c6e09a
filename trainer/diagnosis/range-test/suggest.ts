import type { RangePoint, RangeSuggestion } from '../../contract/range-test.js';

/** Width of the smoothing as a share of the steps: one standard deviation. */
const smoothingShare = 1 / 40;
/** A loss that fell by less has not fallen. */
const leastFall = 0.01;

/**
 * Smooths losses by a Gaussian over the steps. A running mean, which most range tests use, lags behind and would move all suggestions to
 * rates that are too high.
 */
export function smooth(losses: readonly number[], steps: number): number[] {
  const width = Math.max(1, steps * smoothingShare);
  const reach = Math.ceil(3 * width);
  return losses.map((_, at) => {
    let sum = 0;
    let weights = 0;
    for (let i = Math.max(0, at - reach); i <= Math.min(losses.length - 1, at + reach); i++) {
      const weight = Math.exp(-0.5 * ((i - at) / width) ** 2);
      sum += weight * losses[i]!;
      weights += weight;
    }
    return sum / weights;
  });
}

/** Rates to train with, after points with rates that grow by a constant factor. */
export function suggest(points: readonly RangePoint[]): RangeSuggestion {
  const losses = points.map(({ smoothed }) => smoothed);
  const minimum = losses.indexOf(Math.min(...losses));
  const highestBefore = Math.max(...losses.slice(0, minimum + 1));
  if (minimum < 2 || losses[minimum]! > highestBefore * (1 - leastFall))
    return { steepest: null, tenthOfMinimum: null };
  let steepest = 1;
  // Steps are equally far apart in the logarithm of the rate.
  const slope = (at: number) => losses[at + 1]! - losses[at - 1]!;
  for (let at = 1; at < minimum; at++) if (slope(at) < slope(steepest)) steepest = at;
  return {
    steepest: points[steepest]!.learningRate,
    tenthOfMinimum: points[minimum]!.learningRate / 10,
  };
}
