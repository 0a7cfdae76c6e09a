/** How far the mean of a group can be trusted where groups may differ in their spread. */
import { mean, standardDeviation } from './moments.js';
import { type PooledVariance, pooledVariance } from './noise.js';
import { digamma, thirdPolygamma, trigamma } from './polygamma.js';
import { inverse } from './special-functions.js';

export interface ModeratedNoise {
  pooled: PooledVariance;
  /** So many degrees of freedom the common spread counts for beside a group's own. Infinity: spreads are alike, it alone counts. */
  priorDf: number;
}

/** Of the mean of a group. */
export interface ErrorOfMean {
  /** Squared standard error. */
  variance: number;
  df: number;
}

/** Beyond it a group's own spread is a drop in the ocean. */
const mostPriorDf = 1000;
/** Of how much more the spreads may differ than they seem to, in standard errors of that. */
const caution = 0.5;

/**
 * Spreads of groups of few values, each drawn to the common one by how alike they are: G. K. Smyth, "Linear models and empirical Bayes
 * methods", Statist. Appl. Genet. Mol. Biol. 3 (2004) 3, with two changes on the safe side that simulation asked for: the common
 * spread is the pooled one, and spreads are taken to differ by half a standard error more than they seem to.
 *
 * Why not a test of equal spread, then either the pooled variance or Welch: with three values a group Brown and Forsythe's test seldom
 * finds anything (log-normal spreads, by a factor e: in 8% of grids of 12 groups, 36% of 50), and Welch's degrees of freedom, 2 to 4, are not those
 * of the far tail that many comparisons look at (42% of null grids of 50 groups with a false alarm).
 *
 * Null: no group has two values.
 */
export function moderatedNoise(groups: readonly (readonly number[])[]): ModeratedNoise | null {
  const pooled = pooledVariance(groups);
  if (pooled === null) return null;
  const spreads = groups.flatMap(group => {
    const std = standardDeviation(group);
    return std === null ? [] : [{ variance: std * std, df: group.length - 1 }];
  });
  return { pooled, priorDf: priorDfOf(spreads, pooled.variance) };
}

function priorDfOf(spreads: readonly { variance: number; df: number }[], pooled: number): number {
  const count = spreads.length;
  if (count < 2 || pooled === 0) return Number.POSITIVE_INFINITY;
  const logs = spreads.map(({ variance, df }) => {
    // Values that come out equal by their rounding are no more alike than the most alike of so many groups would be.
    const least = pooled * (count + 1) ** (-2 / df);
    return Math.log(Math.max(variance, least)) - digamma(df / 2) + Math.log(df / 2);
  });
  const found = standardDeviation(logs)! ** 2;
  const byChance = mean(spreads.map(({ df }) => trigamma(df / 2)));
  const tails = mean(spreads.map(({ df }) => thirdPolygamma(df / 2)));
  const error = Math.sqrt(tails / count + (2 * byChance ** 2) / (count - 1));
  const excess = found - byChance + caution * error;
  if (excess <= trigamma(mostPriorDf / 2)) return Number.POSITIVE_INFINITY;
  return 2 * inverse(x => -trigamma(x), -excess, 1e-3, 1);
}

/** Of a group's mean; of a group of one from the common spread alone. */
export function errorOfMean({ pooled, priorDf }: ModeratedNoise, group: readonly number[]): ErrorOfMean {
  const own = group.length - 1;
  if (priorDf === Number.POSITIVE_INFINITY)
    return { variance: pooled.variance / group.length, df: pooled.df };
  const squares = own * (standardDeviation(group) ?? 0) ** 2;
  return {
    variance: (priorDf * pooled.variance + squares) / (priorDf + own) / group.length,
    df: roundedDown(Math.min(priorDf + own, pooled.df)),
  };
}

/** As in printed tables, to whole numbers, tens, hundreds: on the safe side, and a quantile is looked up once for many. */
function roundedDown(df: number): number {
  if (df < 1) return df;
  const unit = df < 30 ? 1 : df < 300 ? 10 : 100;
  return Math.floor(df / unit) * unit;
}
