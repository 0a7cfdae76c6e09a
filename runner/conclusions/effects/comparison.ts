/** Two values of an axis compared over the combinations of the other axes. */
import type { Objective } from '../../domain/metric.js';
import { mean, standardDeviation } from '../../statistics/moments.js';
import type { PooledVariance } from '../../statistics/noise.js';
import { pairedInterval, signFlipTest } from '../../statistics/pairs.js';
import { type ProbabilityOfBetter, probabilityOfBetter } from '../../statistics/probability-of-better.js';
import { tukeyKramer } from '../../statistics/several-claims.js';
import type { Axis, Family } from '../families.js';
import { type Pair, type Pairing, pairsOf, seedError } from './pairs.js';

/** Below so many pairs no sign flip comes to 0.05 (two-sided, five all on one side: 0.0625). */
export const fewestPairs = 6;

export interface Comparison extends Pick<Pairing, 'a' | 'b' | 'averaged'> {
  axis: Axis;
  /** Those with a mean on both sides. */
  pairs: readonly Pair[];
  /** Pairs in which a side has none: all of them, and how often that was A's, B's. */
  lost: { pairs: number; a: number; b: number };
  /** A − B by pair, positive where A is better. */
  differences: readonly number[];
  estimate: number;
  interval: readonly [number, number] | null;
  /** Sign flip; of more than two values with the same pairs: Tukey's, for all pairs of values at once. */
  p: number;
  method: 'signFlip' | 'tukeyKramer';
  /** A's; a tie is nearer than one standard error of the seeds. */
  wins: number;
  losses: number;
  ties: number;
  /** P(A > B). */
  better: ProbabilityOfBetter;
}

/** Of all pairs of an axis' values that have pairs of cells; in the order of the grid. */
export function compareValuesOf(
  axis: Axis,
  families: readonly Family[],
  { direction }: Objective,
  noise: PooledVariance | null,
): Comparison[] {
  const sign = direction === 'maximize' ? 1 : -1;
  const comparisons = axis.labels.flatMap((a, i) =>
    axis.labels
      .slice(i + 1)
      .flatMap(b => compared(axis, pairsOf(families, axis, a, b), sign, noise?.variance ?? 0) ?? []),
  );
  return axis.labels.length > 2 ? simultaneous(axis, comparisons) : comparisons;
}

function compared(axis: Axis, { a, b, averaged, pairs: all }: Pairing, sign: number, variance: number) {
  const pairs = all.filter(pair => pair.a.mean !== null && pair.b.mean !== null);
  const lost = {
    pairs: all.length - pairs.length,
    a: all.filter(pair => pair.a.mean === null).length,
    b: all.filter(pair => pair.b.mean === null).length,
  };
  if (pairs.length === 0) return null;
  const differences = pairs.map(pair => sign * (pair.a.mean! - pair.b.mean!));
  const outcomes = pairs.map((pair, i) =>
    Math.abs(differences[i]!) <= Math.sqrt(variance * (seedError(pair.a) + seedError(pair.b)))
      ? 0
      : differences[i]!,
  );
  const count = (is: (outcome: number) => boolean) => outcomes.filter(is).length;
  return {
    axis,
    a,
    b,
    averaged,
    pairs,
    lost,
    differences,
    ...pairedInterval(differences),
    p: signFlipTest(differences),
    method: 'signFlip',
    wins: count(outcome => outcome > 0),
    losses: count(outcome => outcome < 0),
    ties: count(outcome => outcome === 0),
    better: probabilityOfBetter(outcomes),
  } satisfies Comparison;
}

/**
 * All pairs of an axis' values at once, where all values have the same pairs: Tukey's range of means with what the blocks (the
 * combinations of the other axes) leave as error.
 */
function simultaneous(axis: Axis, comparisons: readonly Comparison[]): Comparison[] {
  const k = axis.labels.length;
  const [first] = comparisons;
  const n = first?.pairs.length ?? 0;
  const blocksOf = ({ pairs }: Comparison) => pairs.map(({ unit }) => JSON.stringify(unit)).join();
  const areBlocks =
    n >= 2 &&
    comparisons.length === (k * (k - 1)) / 2 &&
    comparisons.every(each => blocksOf(each) === blocksOf(first!));
  if (!areBlocks) return [...comparisons];
  // The mean over all pairs of values of the variance of their differences is twice that of the residuals.
  const variance = mean(comparisons.map(({ differences }) => standardDeviation(differences)! ** 2)) / 2;
  const df = (k - 1) * (n - 1);
  return comparisons.map(each => ({
    ...each,
    p: tukeyKramer(each.estimate, { k, variance, df, n: [n, n] }),
    method: 'tukeyKramer',
  }));
}
