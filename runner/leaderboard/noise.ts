/** How far a row's value can be trusted, and the words for it. */
import type { Objective } from '../domain/metric.js';
import { errorOfMean, moderatedNoise } from '../statistics/moderated-noise.js';
import type { Estimate } from '../statistics/rank-sets.js';
import { formatFixed } from '../text/numbers.js';
import type { Gathered } from './gather.js';
import type { Noise } from './row.js';

export interface Measured {
  noise: Noise;
  /** A row each, on a scale on which the errors hold: it keeps the order of the values. */
  estimates: Estimate[];
  /** Squared standard errors of the values themselves; null: not known. */
  errors: number[] | null;
}

/** @param sign 1 where higher values are better, else -1 */
export function measure(gathered: readonly Gathered[], { metric, direction }: Objective): Measured {
  const sign = direction === 'maximize' ? 1 : -1;
  const noise = moderatedNoise(gathered.map(({ values }) => values));
  const images = metric.endsWith('Accuracy') ? leastImages(gathered) : null;
  // Seeds that all came out equal on a few images are no proof that there is no noise.
  if (noise !== null && (noise.pooled.variance > 0 || images === null)) {
    const errors = gathered.map(({ values }) => errorOfMean(noise, values));
    return {
      noise: {
        kind: noise.priorDf === Number.POSITIVE_INFINITY ? 'seeds' : 'ownSeeds',
        std: Math.sqrt(noise.pooled.variance),
        df: noise.pooled.df,
        images: null,
      },
      estimates: errors.map((error, i) => ({ value: sign * gathered[i]!.row.value!, ...error })),
      errors: errors.map(({ variance }) => variance),
    };
  }
  if (images !== null)
    return {
      noise: { kind: 'images', std: null, df: null, images },
      // The arcsine of its root has the same error for each share, near 0 and 1 too (Fisher 1922, Anscombe 1948).
      estimates: gathered.map(({ row, values }) => ({
        value: sign * Math.asin(Math.sqrt((row.value! * images + 3 / 8) / (images + 3 / 4))),
        variance: 1 / (4 * images + 2) / values.length,
        df: Number.POSITIVE_INFINITY,
      })),
      errors: gathered.map(({ row, values }) => (row.value! * (1 - row.value!)) / images / values.length),
    };
  return {
    noise: { kind: 'unknown', std: null, df: null, images: null },
    estimates: gathered.map(({ row }) => ({
      value: sign * row.value!,
      variance: Number.POSITIVE_INFINITY,
      df: Number.POSITIVE_INFINITY,
    })),
    errors: null,
  };
}

/** Null: not known of all. */
function leastImages(gathered: readonly Gathered[]): number | null {
  let least = Number.POSITIVE_INFINITY;
  for (const { row } of gathered) least = Math.min(least, row.validationImages ?? 0);
  return Number.isFinite(least) && least > 0 ? least : null;
}

/** A sentence. */
export function describeNoise({ kind, std, df, images }: Noise): string {
  switch (kind) {
    case 'seeds':
      return `Rows are told apart by how much seeds differ: a standard deviation of ${formatFixed(std)} in all rows (${df} degrees of freedom).`;
    case 'ownSeeds':
      return `Rows are told apart by how much seeds differ: unequally, so by each row's own spread, drawn towards the common ${formatFixed(std)} (${df} degrees of freedom).`;
    case 'images':
      return `No row has seeds that differ, so rows are told apart by the error of an accuracy on ${images} images alone: another seed may still change the order.`;
    case 'unknown':
      return 'No row has two seeds, so that nothing is known of the noise: no row can be told apart from another.';
  }
}
