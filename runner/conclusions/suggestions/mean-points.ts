import type { CellCurves } from '../../readings/curves.js';
import { mean } from '../../statistics/moments.js';
import { theilSen } from '../../statistics/slope.js';

/** Mean of a metric over the cells at the epochs that all of those with the metric have. */
export function meanPoints(
  curves: readonly CellCurves[],
  metric: string,
): { epoch: number; value: number }[] {
  const series = curves.flatMap(cell => cell.get(metric) ?? []);
  const cells = curves.filter(cell => (cell.get(metric) ?? []).length > 0).length;
  const byEpoch = new Map<number, number[]>();
  for (const [epoch, value] of series)
    if (value !== null) byEpoch.set(epoch, [...(byEpoch.get(epoch) ?? []), value]);
  return [...byEpoch]
    .filter(([, values]) => values.length === cells)
    .sort(([a], [b]) => a - b)
    .map(([epoch, values]) => ({ epoch, value: mean(values) }));
}

export interface Trend {
  /** Per epoch. */
  slope: number;
  interval: readonly [number, number];
  /** Two-sided: at a confidence of 1 − p the interval begins to hold 0. */
  p: number;
}

/** Fewer say nothing at 95% by Kendall's variance. */
const fewestPoints = 5;

/** The robust slope of points over their epochs (Theil–Sen); null: too few of them. */
export function trendOf(points: readonly { epoch: number; value: number }[]): Trend | null {
  if (points.length < fewestPoints) return null;
  const x = points.map(({ epoch }) => epoch);
  const y = points.map(({ value }) => value);
  const found = theilSen(x, y);
  if (found === null) return null;
  const holdsZero = (confidence: number) => {
    const [low, high] = theilSen(x, y, confidence)!.interval;
    return low <= 0 && high >= 0;
  };
  // The interval grows with the confidence.
  let [low, high] = [0, 1 - 1e-6];
  if (!holdsZero(high)) return { ...found, p: 1e-6 };
  for (let step = 0; step < 24; step++) {
    const middle = (low + high) / 2;
    if (holdsZero(middle)) high = middle;
    else low = middle;
  }
  return { ...found, p: 1 - low };
}
