import type { CellCurves } from '../../../readings/curves.js';

/** Over the cells that have a number at this epoch. */
export interface MeanPoint {
  epoch: number;
  mean: number;
  /** One standard deviation below and above; the mean itself of a single cell. */
  low: number;
  high: number;
  n: number;
}

/** More points than these are no help on a screen. */
const mostPoints = 240;

/** Mean and spread of a metric over cells, by epoch, from every value that is stored. */
export function meanCurve(cells: readonly CellCurves[], metric: string): MeanPoint[] {
  const byEpoch = new Map<number, number[]>();
  for (const curves of cells)
    for (const [epoch, value] of curves.get(metric) ?? []) {
      if (value === null || !Number.isFinite(value)) continue;
      const values = byEpoch.get(epoch);
      if (values === undefined) byEpoch.set(epoch, [value]);
      else values.push(value);
    }
  const points = [...byEpoch].sort(([a], [b]) => a - b).map(([epoch, values]) => pointOf(epoch, values));
  return thinned(points);
}

function pointOf(epoch: number, values: readonly number[]): MeanPoint {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const deviation =
    n < 2 ? 0 : Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  return { epoch, mean, low: mean - deviation, high: mean + deviation, n };
}

/** Of each stretch its lowest and its highest point: only what no pixel shows is left out, and no mean changes. */
function thinned(points: readonly MeanPoint[]): MeanPoint[] {
  if (points.length <= mostPoints) return [...points];
  const stretch = Math.ceil((2 * points.length) / mostPoints);
  const kept = new Set<MeanPoint>([points[0]!, points.at(-1)!]);
  for (let start = 0; start < points.length; start += stretch) {
    const part = points.slice(start, start + stretch);
    kept.add(part.reduce((a, b) => (b.mean < a.mean ? b : a)));
    kept.add(part.reduce((a, b) => (b.mean > a.mean ? b : a)));
  }
  return points.filter(point => kept.has(point));
}
