import { normalQuantile, normalTwoSided } from './normal.js';
import { inverse, regularizedBeta } from './special-functions.js';

/** Two-sided p-value of Student's t with `df` degrees of freedom (Infinity: normal). */
export function tTwoSided(t: number, df: number): number {
  return df === Number.POSITIVE_INFINITY
    ? normalTwoSided(t)
    : regularizedBeta(df / (df + t * t), df / 2, 0.5);
}

/** Distribution of Student's t. */
export function tCdf(t: number, df: number): number {
  const tail = tTwoSided(t, df) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** Where Student's t comes to `p`. */
export function tQuantile(p: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return normalQuantile(p);
  if (!(p > 0 && p < 1)) return normalQuantile(p);
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  const size = inverse(t => -tTwoSided(t, df), -2 * tail, 0, 1);
  return p > 0.5 ? size : -size;
}
