/**
 * What the best of n settings can be expected to be, of those that were tried: E[max of n] = Σ v₍ᵢ₎ C(i − 1, n − 1) / C(N, n), unbiased
 * (R. Tang et al., "Showing your work doesn't always work", ACL 2020, after J. Dodge et al. 2019).
 *
 * @param values one a setting, higher is better
 * @returns entry n − 1 is of n settings
 */
export function bestOfCurve(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const count = sorted.length;
  return sorted.map((_, index) => {
    const n = index + 1;
    // C(i−1, n−1) / C(N, n) from the top downwards: n / N, then times (i − n) / (i − 1) a step.
    let weight = n / count;
    let sum = 0;
    for (let i = count; i >= n; i--) {
      sum += weight * sorted[i - 1]!;
      if (i > 1) weight *= (i - n) / (i - 1);
    }
    return sum;
  });
}
