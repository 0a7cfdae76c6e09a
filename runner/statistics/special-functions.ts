/** What the distributions are made of. */

/** Lanczos's approximation, g = 7, n = 9; for x > 0. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x), for x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  const t = z + 7.5;
  const sum = lanczos.reduce((total, value, i) => (i === 0 ? value : total + value / (z + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** ln of the binomial coefficient "n over k". */
export const logChoose = (n: number, k: number): number =>
  logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

/** I_x(a, b), by Lentz's continued fraction (Numerical Recipes, 3rd ed., 6.4). */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below this point; above it, use the symmetry.
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return (front * fraction) / a;
}

/**
 * Where a growing function comes to `target`: the bracket is widened upwards, then narrowed by chords (the Illinois rule) and, where
 * those are slow, by halves. What is looked for must lie above `low`.
 */
export function inverse(of: (x: number) => number, target: number, low: number, high: number): number {
  let from = low;
  let to = high;
  let below = of(from) - target;
  let above = of(to) - target;
  while (above < 0 && to < 1e300) {
    from = to;
    below = above;
    to *= 2;
    above = of(to) - target;
  }
  for (let step = 1; step < 200 && to - from > 1e-13 * Math.abs(to); step++) {
    const chord = to - (above * (to - from)) / (above - below);
    const next = step % 3 === 0 || !(chord > from && chord < to) ? (from + to) / 2 : chord;
    const found = of(next) - target;
    if (found === 0) return next;
    if (found < 0) {
      from = next;
      below = found;
      above /= 2;
    } else {
      to = next;
      above = found;
      below /= 2;
    }
  }
  return (from + to) / 2;
}
