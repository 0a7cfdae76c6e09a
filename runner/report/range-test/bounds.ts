import type { RangePoint } from '../../../trainer/contract/range-test.js';

/** The losses worth showing: a diverging end would flatten all that matters. */
export function lossBounds(points: readonly RangePoint[]): { low: number; high: number } {
  const smoothed = points.map(point => point.smoothed);
  const low = Math.min(...smoothed);
  const start = Math.max(...smoothed.slice(0, smoothed.indexOf(low) + 1));
  return { low, high: Math.max(start + 0.5 * (start - low), low * 1.05) };
}
