import { tTwoSided } from './student.js';

export interface Moments {
  mean: number;
  /** Sample standard deviation. */
  std: number;
  n: number;
}

/**
 * Two-sided p-value of Welch's t-test for equal means (Welch 1947), n ≥ 2 each. Without any spread: 1 for
 * equal means, else 0.
 */
export function welchTest(a: Moments, b: Moments): number {
  const ofA = a.std ** 2 / a.n;
  const ofB = b.std ** 2 / b.n;
  const variance = ofA + ofB;
  if (variance === 0) return a.mean === b.mean ? 1 : 0;
  // Satterthwaite 1946.
  const df = variance ** 2 / (ofA ** 2 / (a.n - 1) + ofB ** 2 / (b.n - 1));
  return tTwoSided((a.mean - b.mean) / Math.sqrt(variance), df);
}
