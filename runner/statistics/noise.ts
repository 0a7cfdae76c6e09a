/** How much the seeds of a setting differ, and whether they differ alike everywhere. */
import { fUpperTail } from './f-distribution.js';
import { mean, median } from './moments.js';

export interface PooledVariance {
  /** Mean square within the groups: Σ (nᵢ − 1) sᵢ² / Σ (nᵢ − 1). */
  variance: number;
  /** Σ (nᵢ − 1). */
  df: number;
}

/** From the groups with two values or more; null: there is none, so that the noise isn't known. */
export function pooledVariance(groups: readonly (readonly number[])[]): PooledVariance | null {
  let squares = 0;
  let df = 0;
  for (const group of groups) {
    if (group.length < 2) continue;
    const centre = mean(group);
    for (const value of group) squares += (value - centre) ** 2;
    df += group.length - 1;
  }
  return df === 0 ? null : { variance: squares / df, df };
}

/**
 * p-value for equal spreads: M. B. Brown, A. B. Forsythe, "Robust tests for the equality of variances", JASA 69 (1974) 364–367, an
 * analysis of variance of the distances from the group's median. Groups of fewer than three say nothing here (two values are as far
 * from their median as each other). Null: fewer than two groups can be compared.
 */
export function brownForsythe(groups: readonly (readonly number[])[]): number | null {
  const distances = groups
    .filter(group => group.length > 2)
    .map(group => {
      const centre = median(group);
      return group.map(value => Math.abs(value - centre));
    });
  if (distances.length < 2) return null;
  const centres = distances.map(mean);
  const all = distances.flat();
  const centre = mean(all);
  const within = pooledVariance(distances)!;
  const between = distances.reduce((sum, group, i) => sum + group.length * (centres[i]! - centre) ** 2, 0);
  if (between === 0) return 1;
  return fUpperTail(between / (distances.length - 1) / within.variance, distances.length - 1, within.df);
}
