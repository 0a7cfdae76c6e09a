import type { Price } from '../../statistics/claim.js';
import { standardDeviation } from '../../statistics/moments.js';
import type { PooledVariance } from '../../statistics/noise.js';
import { priceOf, seedsToTellPairs } from '../price.js';
import { type Comparison, fewestPairs } from './comparison.js';
import { seedError } from './pairs.js';

/**
 * What it would cost to tell the two values apart at the difference that was seen. Null where seeds don't: too few pairs, no noise
 * known, or the settings differ more in it than their seeds do.
 */
export function comparisonPrice(
  { pairs, differences, estimate }: Comparison,
  noise: PooledVariance | null,
  level: number,
): Price | null {
  const n = pairs.length;
  if (n < fewestPairs || noise === null) return null;
  const sides = pairs.flatMap(({ a, b }) => [a, b]);
  const ofSeeds = sides.reduce((sum, side) => sum + seedError(side), 0) / n;
  const spread = Math.max(0, standardDeviation(differences)! ** 2 - noise.variance * ofSeeds);
  const seeds = seedsToTellPairs(estimate, { n, spread, std: Math.sqrt(noise.variance) }, level);
  if (seeds === null) return null;
  const price = priceOf(
    sides.flatMap(({ families }) => families.map(({ outcomes }) => outcomes)),
    seeds,
  );
  return price.runs > 0 ? price : null;
}
