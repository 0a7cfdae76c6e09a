/** Two sides of a comparison told apart: by their images, by their seeds, or by how many images there are. */
import type { Objective } from '../../domain/metric.js';
import type { Outcome } from '../../readings/outcomes.js';
import { mean } from '../../statistics/moments.js';
import type { PooledVariance } from '../../statistics/noise.js';
import { normalQuantile, normalTwoSided } from '../../statistics/normal.js';
import { tQuantile, tTwoSided } from '../../statistics/student.js';

export interface Difference {
  /** A − B, positive where A is better. */
  estimate: number;
  interval: readonly [number, number] | null;
  p: number | null;
  n: number;
  unit: 'seeds' | 'images';
  /** What was done, in words. */
  method: string;
}

/** Values of a side's seeds. */
const valuesOf = (outcomes: readonly Outcome[]) => outcomes.flatMap(({ value }) => value ?? []);

/**
 * Null: a side has a cell without a value, which is worse by no number.
 *
 * @param noise of the seeds, pooled over the grid
 * @param images that accuracies were measured on
 */
export function differenceOf(
  a: readonly Outcome[],
  b: readonly Outcome[],
  { direction, metric }: Objective,
  noise: PooledVariance | null,
  images: number | null,
): Difference | null {
  const [ofA, ofB] = [valuesOf(a), valuesOf(b)];
  if (ofA.length < Math.max(1, a.length) || ofB.length < Math.max(1, b.length)) return null;
  const sign = direction === 'maximize' ? 1 : -1;
  const estimate = sign * (mean(ofA) - mean(ofB));
  if (noise !== null) {
    const error = Math.sqrt(noise.variance * (1 / ofA.length + 1 / ofB.length));
    return {
      ...{ estimate, n: ofA.length + ofB.length, unit: 'seeds' },
      ...bounds(estimate, error, tQuantile(0.975, noise.df), t => tTwoSided(t, noise.df)),
      method: `by the seeds, whose noise is pooled over the grid (t with ${noise.df} ${noise.df === 1 ? 'degree' : 'degrees'} of freedom)`,
    };
  }
  if (images === null || !metric.endsWith('Accuracy'))
    return {
      ...{ estimate, interval: null, p: null, n: ofA.length + ofB.length, unit: 'seeds' },
      method: 'one seed each: its noise is not known, so nothing can be told',
    };
  const error = Math.sqrt([mean(ofA), mean(ofB)].reduce((sum, p) => sum + (p * (1 - p)) / images, 0));
  return {
    ...{ estimate, n: images, unit: 'images' },
    ...bounds(estimate, error, normalQuantile(0.975), normalTwoSided),
    method: `one seed each: by ${images} validation images as if each had its own (no predictions of the same images are kept of both); another seed may turn it round`,
  };
}

/** Without any spread equal values are equal, and others differ. */
function bounds(estimate: number, error: number, quantile: number, tail: (t: number) => number) {
  const interval = [estimate - quantile * error, estimate + quantile * error] as const;
  return { interval, p: error > 0 ? tail(estimate / error) : estimate === 0 ? 1 : 0 };
}
