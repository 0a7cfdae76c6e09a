/**
 * The studentized range: of k normal means, their range over an independent estimate of their standard error with `df` degrees of
 * freedom. Two nested integrals as by M. D. Copenhaver, B. S. Holland, "Computation of the distribution of the maximum studentized
 * range statistic", J. Statist. Comput. Simul. 30 (1988) 1–15, each by Gauss and Legendre.
 */
import { normalCdf } from './normal.js';
import { inverse, logGamma } from './special-functions.js';

/** Nodes and weights of Gauss and Legendre on [-1, 1], by Newton's method. */
function gaussLegendre(count: number): { nodes: number[]; weights: number[] } {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < count; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let step = 0; step < 20; step++) {
      let [before, value] = [1, x];
      for (let n = 2; n <= count; n++)
        [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
      slope = (count * (x * value - before)) / (x * x - 1);
      const change = value / slope;
      x -= change;
      if (Math.abs(change) < 1e-15) break;
    }
    nodes.push(x);
    weights.push(2 / ((1 - x * x) * slope * slope));
  }
  return { nodes, weights };
}

const rule = gaussLegendre(16);

/** ∫ over [from, to] in equal pieces. */
function integral(of: (x: number) => number, from: number, to: number, pieces: number): number {
  const half = (to - from) / pieces / 2;
  let sum = 0;
  for (let piece = 0; piece < pieces; piece++) {
    const centre = from + (2 * piece + 1) * half;
    for (let i = 0; i < rule.nodes.length; i++) sum += rule.weights[i]! * of(centre + half * rule.nodes[i]!);
  }
  return sum * half;
}

/** The inner integral's nodes, the largest of the k values: none is beyond ±8.5 but with chance 10⁻¹⁶ a value. */
const largest = (() => {
  const points: { z: number; below: number; weight: number }[] = [];
  integral(z => points.push({ z, below: normalCdf(z), weight: 0 }), -8.5, 8.5, 8);
  const half = 8.5 / 8;
  for (const [i, point] of points.entries())
    point.weight =
      (rule.weights[i % 16]! * half * Math.exp((-point.z * point.z) / 2)) / Math.sqrt(2 * Math.PI);
  return points;
})();

/** P(range of k standard normal values ≤ w) = k ∫ φ(z) [Φ(z) − Φ(z − w)]^(k−1) dz. */
function rangeCdf(w: number, k: number): number {
  if (w <= 0) return 0;
  let sum = 0;
  for (const { z, below, weight } of largest) sum += weight * (below - normalCdf(z - w)) ** (k - 1);
  return Math.min(1, k * sum);
}

/**
 * P(Q ≤ q) for the range of `k` ≥ 2 means, `df` > 0 (Infinity: the error is known). Within 10⁻⁷ of SciPy 1.17.
 */
export function studentizedRangeCdf(q: number, k: number, df: number): number {
  if (q <= 0) return 0;
  if (df > 25_000) return rangeCdf(q, k);
  // s = the estimate over the true error has the density c s^(df−1) exp(−df s²/2).
  const constant = Math.log(2) + (df / 2) * Math.log(df / 2) - logGamma(df / 2);
  const density = (s: number) => Math.exp(constant + (df - 1) * Math.log(s) - (df * s * s) / 2);
  const spread = 1 / Math.sqrt(2 * df);
  const from = Math.max(0, 1 - 9 * spread);
  const to = 1 + 9 * spread;
  // The fewer degrees of freedom, the more comes from small s, where the range rises steeply.
  const pieces = df < 3 ? 40 : df < 8 ? 8 : 3;
  return Math.min(
    1,
    integral(s => density(s) * rangeCdf(q * s, k), from, to, pieces),
  );
}

const quantiles = new Map<string, number>();

/** Where the studentized range comes to `p`; kept, since a table asks for the same one again and again. */
export function studentizedRangeQuantile(p: number, k: number, df: number): number {
  const key = `${p} ${k} ${df}`;
  const known = quantiles.get(key);
  if (known !== undefined) return known;
  const found = inverse(q => studentizedRangeCdf(q, k, df), p, 0, 8);
  quantiles.set(key, found);
  return found;
}
