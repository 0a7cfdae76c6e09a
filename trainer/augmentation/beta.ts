import type { Draws } from '../random/random.js';

/**
 * A draw of Beta(alpha, alpha), alpha > 0: g1 / (g1 + g2) of two Gamma(alpha) draws, whose quotient is taken from
 * logarithms since both underflow for a small alpha.
 */
export function sampleBeta(draws: Draws, alpha: number): number {
  const first = sampleLogGamma(draws, alpha);
  const second = sampleLogGamma(draws, alpha);
  return 1 / (1 + Math.exp(second - first));
}

/**
 * A draw of Dirichlet(alpha, …, alpha), alpha > 0, into `shares`: Gamma(alpha) draws over their sum, from logarithms
 * as above.
 */
export function sampleDirichlet(draws: Draws, alpha: number, shares: Float64Array): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < shares.length; i++) {
    const logarithm = sampleLogGamma(draws, alpha);
    shares[i] = logarithm;
    largest = Math.max(largest, logarithm);
  }
  let sum = 0;
  for (let i = 0; i < shares.length; i++) {
    const share = Math.exp(shares[i]! - largest);
    shares[i] = share;
    sum += share;
  }
  for (let i = 0; i < shares.length; i++) shares[i]! /= sum;
}

/**
 * Logarithm of a draw of Gamma(shape, 1). Marsaglia & Tsang, "A simple method for generating gamma variables"
 * (2000), with their boost Gamma(a) = Gamma(a + 1) * U^(1 / a), which holds for every shape.
 */
function sampleLogGamma(draws: Draws, shape: number): number {
  const boost = Math.log(1 - draws.uniform()) / shape;
  const d = shape + 1 - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = draws.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const logV = Math.log(v);
    if (Math.log(1 - draws.uniform()) < x * x * 0.5 + d - d * v + d * logV) return Math.log(d) + logV + boost;
  }
}
