import { wilsonInterval } from './binomial.js';

export interface ProbabilityOfBetter {
  /** Share of the pairs that A won; a tie is half a win. */
  probability: number;
  interval: readonly [number, number];
}

/**
 * P(A > B) from paired differences A − B: X. Bouthillier et al., "Accounting for variance in machine learning benchmarks", MLSys 2021.
 * A difference is worth speaking of where the interval is above ½ and the probability above ¾. The interval is Wilson's: their
 * bootstrap has no width where one side won all pairs, so that three pairs would prove anything.
 *
 * @param differences paired, positive where A is better; at least one
 */
export function probabilityOfBetter(differences: readonly number[], confidence = 0.95): ProbabilityOfBetter {
  const wins = differences.reduce((sum, value) => sum + (value > 0 ? 1 : value < 0 ? 0 : 0.5), 0);
  return {
    probability: wins / differences.length,
    interval: wilsonInterval(wins, differences.length, confidence),
  };
}
