import { median } from './moments.js';
import { normalQuantile } from './normal.js';

export interface Slope {
  /** Per unit of x. */
  slope: number;
  interval: readonly [number, number];
}

/**
 * Robust slope of y over x: the median of the slopes of all pairs (Theil 1950, Sen 1968), its interval by Kendall's variance
 * (Sen 1968, as SciPy's theilslopes). Null: fewer than two different x.
 */
export function theilSen(x: readonly number[], y: readonly number[], confidence = 0.95): Slope | null {
  const slopes: number[] = [];
  for (let i = 0; i < x.length; i++)
    for (let j = 0; j < i; j++) if (x[i] !== x[j]) slopes.push((y[i]! - y[j]!) / (x[i]! - x[j]!));
  if (slopes.length === 0) return null;
  slopes.sort((a, b) => a - b);
  const n = x.length;
  const variance = (n * (n - 1) * (2 * n + 5) - ties(x) - ties(y)) / 18;
  const spread = normalQuantile((1 + confidence) / 2) * Math.sqrt(Math.max(0, variance));
  const low = Math.max(Math.round((slopes.length - spread) / 2) - 1, 0);
  const high = Math.min(Math.round((slopes.length + spread) / 2), slopes.length - 1);
  return { slope: median(slopes), interval: [slopes[low]!, slopes[high]!] };
}

/** What equal values take from Kendall's variance: Σ t (t − 1) (2t + 5) over the sets of t equal ones. */
function ties(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].reduce((sum, t) => sum + t * (t - 1) * (2 * t + 5), 0);
}
