/** Paired differences: exact where it can be, so that few pairs claim no more than they can. */

import { mean, standardDeviation } from './moments.js';
import { keyedRandom } from './random.js';
import { tQuantile } from './student.js';

/** So many differences are flipped in all 2ⁿ ways; more by chance. */
export const exactPairs = 16;
const flips = 20_000;

/**
 * Two-sided p-value that paired differences have no direction, by flipping their signs (Fisher 1935): the share of ways in which
 * their sum is at least as far from 0. All 2ⁿ ways to n = 16, then 20,000 drawn ones, of which the found one counts as one more
 * (Phipson, Smyth 2010). Without differences: 1.
 *
 * @param seed the draw is the same for the same seed
 */
export function signFlipTest(differences: readonly number[], seed = 0): number {
  const found = Math.abs(differences.reduce((sum, value) => sum + value, 0));
  // Sums in another order differ in their last digits.
  const size = differences.reduce((sum, value) => sum + Math.abs(value), 0);
  const least = found - 1e-12 * size;
  return differences.length <= exactPairs
    ? allFlips(differences, least)
    : someFlips(differences, least, keyedRandom(seed));
}

function allFlips(differences: readonly number[], least: number): number {
  let sum = differences.reduce((total, value) => total + value, 0);
  const ways = 2 ** differences.length;
  const signs = differences.map(() => 1);
  let far = Math.abs(sum) >= least ? 1 : 0;
  // Gray's order: each way differs from the one before in one sign.
  for (let way = 1; way < ways; way++) {
    const place = 31 - Math.clz32(way & -way);
    sum -= 2 * signs[place]! * differences[place]!;
    signs[place] = -signs[place]!;
    if (Math.abs(sum) >= least) far++;
  }
  return far / ways;
}

function someFlips(differences: readonly number[], least: number, random: () => number): number {
  let far = 1;
  for (let flip = 0; flip < flips; flip++) {
    let sum = 0;
    for (const value of differences) sum += random() < 0.5 ? value : -value;
    if (Math.abs(sum) >= least) far++;
  }
  return far / (flips + 1);
}

/** Mean of paired differences and its interval by Student's t with n − 1 degrees of freedom; null interval: one pair. */
export function pairedInterval(
  differences: readonly number[],
  confidence = 0.95,
): { estimate: number; interval: readonly [number, number] | null } {
  const estimate = mean(differences);
  const std = standardDeviation(differences);
  if (std === null) return { estimate, interval: null };
  const half =
    tQuantile((1 + confidence) / 2, differences.length - 1) * (std / Math.sqrt(differences.length));
  return { estimate, interval: [estimate - half, estimate + half] };
}
