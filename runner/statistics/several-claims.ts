/** Claims that are made side by side. */
import { studentizedRangeCdf } from './studentized-range.js';

/**
 * p-values adjusted for being looked at together, in the order given: S. Holm, Scand. J. Statist. 6 (1979) 65–70. Those below 0.05
 * hold together at 95%.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = new Array<number>(ps.length);
  let most = 0;
  for (const [place, index] of order.entries()) {
    most = Math.max(most, Math.min(1, (ps.length - place) * ps[index]!));
    adjusted[index] = most;
  }
  return adjusted;
}

/**
 * p-value of a difference of two of `k` means, adjusted for all pairs of them (Tukey 1953, Kramer 1956): at unequal n a little on
 * the safe side (Hayter 1984).
 *
 * @param variance within the groups, with `df` degrees of freedom (Infinity: known)
 */
export function tukeyKramer(
  difference: number,
  { k, variance, df, n }: { k: number; variance: number; df: number; n: readonly [number, number] },
): number {
  if (difference === 0) return 1;
  const error = Math.sqrt((variance / 2) * (1 / n[0] + 1 / n[1]));
  return error === 0 ? 0 : 1 - studentizedRangeCdf(Math.abs(difference) / error, k, df);
}
