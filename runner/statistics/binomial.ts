/** Counts of yes and no. */
import { normalQuantile } from './normal.js';
import { inverse, logChoose, regularizedBeta } from './special-functions.js';

/** Probabilities that differ by less are equal: they are sums of logarithms. */
const roundingError = 1e-7;

/** Sum of the probabilities of all outcomes that are no likelier than the found one. */
function twoSided(probability: (outcome: number) => number, from: number, to: number, found: number): number {
  const limit = probability(found) * (1 + roundingError);
  let sum = 0;
  for (let outcome = from; outcome <= to; outcome++) {
    const own = probability(outcome);
    if (own <= limit) sum += own;
  }
  return Math.min(1, sum);
}

/** Exact two-sided p-value of `successes` of `n` at chance p each (outcomes no likelier than the found one, as SciPy's binomtest). */
export function binomialTest(successes: number, n: number, p = 0.5): number {
  if (p === 0 || p === 1) return successes === n * p ? 1 : 0;
  const probability = (k: number) => Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
  return twoSided(probability, 0, n, successes);
}

/** Interval of a share: E. B. Wilson, JASA 22 (1927) 209–212; [0, 1] of none. */
export function wilsonInterval(successes: number, n: number, confidence = 0.95): readonly [number, number] {
  if (n === 0) return [0, 1];
  const z = normalQuantile((1 + confidence) / 2);
  const share = successes / n;
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  // At none and at all the ends are exact.
  return [successes === 0 ? 0 : centre - half, successes === n ? 1 : centre + half];
}

/** Exact interval of a share: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404–413; [0, 1] of none. */
export function clopperPearsonInterval(
  successes: number,
  n: number,
  confidence = 0.95,
): readonly [number, number] {
  const tail = (1 - confidence) / 2;
  const share = (p: number, a: number, b: number) => inverse(x => regularizedBeta(x, a, b), p, 0, 1);
  return [
    successes === 0 ? 0 : share(tail, successes, n - successes + 1),
    successes === n ? 1 : share(1 - tail, successes + 1, n - successes),
  ];
}

/**
 * Exact two-sided p-value that two classifiers err equally often on the same images: of the images that just one of them got right,
 * `onlyA` and `onlyB` (Q. McNemar, Psychometrika 12 (1947) 153–157).
 */
export const mcNemarTest = (onlyA: number, onlyB: number): number =>
  onlyA + onlyB === 0 ? 1 : binomialTest(onlyA, onlyA + onlyB);

/**
 * Interval of the difference of the two classifiers' shares of `images`, (onlyA − onlyB) / images, that leaves out 0 where McNemar's
 * exact test finds one: the exact interval of onlyA's share of those that just one got right, of which there are taken to be as many
 * as were found (R. G. Newcombe, Statistics in Medicine 17 (1998) 2635–2650). Null: there is none of these.
 */
export function mcNemarInterval(
  onlyA: number,
  onlyB: number,
  images: number,
): readonly [number, number] | null {
  const apart = onlyA + onlyB;
  if (apart === 0) return null;
  const [low, high] = clopperPearsonInterval(onlyA, apart);
  return [((2 * low - 1) * apart) / images, ((2 * high - 1) * apart) / images];
}
/**
 * Fisher's exact two-sided p-value of a table of two rows, [with, without] each: whether the shares differ.
 */
export function fisherTest([a, b]: readonly [number, number], [c, d]: readonly [number, number]): number {
  const withIt = a + c;
  const all = a + b + c + d;
  const whole = logChoose(all, withIt);
  const probability = (k: number) => Math.exp(logChoose(a + b, k) + logChoose(c + d, withIt - k) - whole);
  return twoSided(probability, Math.max(0, withIt - (c + d)), Math.min(a + b, withIt), a);
}
