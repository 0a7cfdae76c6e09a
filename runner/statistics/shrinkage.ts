import { mean } from './moments.js';

/**
 * Means with the luck taken out: each is drawn to the mean of all by how much of the differences is noise. The one that came out best
 * of many was also the luckiest; what it would do again is nearer to its shrunk value. James and Stein's rule in Efron and Morris's
 * form (JASA 70 (1975) 311–319): m + B (mᵢ − m), B = 1 − (k − 3)/(k − 1) · v / Var(m); where the errors differ, B = τ² / (τ² + c vᵢ) with
 * the same τ². Three means or fewer stay as they are.
 *
 * @param errors squared standard error of each mean
 */
export function shrunkMeans(means: readonly number[], errors: readonly number[]): number[] {
  const k = means.length;
  if (k <= 3) return [...means];
  const centre = mean(means);
  const between = means.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (k - 1);
  const part = (k - 3) / (k - 1);
  const signal = Math.max(0, between - part * mean(errors));
  return means.map((value, i) => {
    const whole = signal + part * errors[i]!;
    return whole === 0 ? value : centre + (signal / whole) * (value - centre);
  });
}
