/** Distribution of the standard normal: G. West, "Better approximations to cumulative normal functions" (2005), after Hart (1968). */
export function normalCdf(x: number): number {
  const size = Math.abs(x);
  let upper = 0;
  if (size <= 37) {
    const bell = Math.exp((-size * size) / 2);
    if (size < 7.07106781186547) {
      let top = 3.52624965998911e-2 * size + 0.700383064443688;
      top = top * size + 6.37396220353165;
      top = top * size + 33.912866078383;
      top = top * size + 112.079291497871;
      top = top * size + 221.213596169931;
      top = top * size + 220.206867912376;
      let bottom = 8.83883476483184e-2 * size + 1.75566716318264;
      bottom = bottom * size + 16.064177579207;
      bottom = bottom * size + 86.7807322029461;
      bottom = bottom * size + 296.564248779674;
      bottom = bottom * size + 637.333633378831;
      bottom = bottom * size + 793.826512519948;
      bottom = bottom * size + 440.413735824752;
      upper = (bell * top) / bottom;
    } else {
      const fraction = size + 1 / (size + 2 / (size + 3 / (size + 4 / (size + 0.65))));
      upper = bell / fraction / 2.506628274631;
    }
  }
  return x > 0 ? 1 - upper : upper;
}

/** Two-sided p-value of a standard normal value. */
export const normalTwoSided = (z: number): number => 2 * normalCdf(-Math.abs(z));

/** Where the standard normal comes to `p`: P. J. Acklam's rational approximation (2003) and one step of Halley's method. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? Number.NEGATIVE_INFINITY : p === 1 ? Number.POSITIVE_INFINITY : NaN;
  // By the lower half: the distribution near 1 has lost the digits that count.
  if (p > 0.5) return -normalQuantile(1 - p);
  const x = p < 0.02425 ? tail(p) : middle(p);
  const error = (normalCdf(x) - p) * Math.sqrt(2 * Math.PI) * Math.exp((x * x) / 2);
  return x - error / (1 + (x * error) / 2);
}

const polynomial = (coefficients: readonly number[], x: number) =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);

function tail(p: number): number {
  const q = Math.sqrt(-2 * Math.log(p));
  const top = [
    -7.784894002430293e-3, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const bottom = [7.784695709041462e-3, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
  return polynomial(top, q) / polynomial(bottom, q);
}

function middle(p: number): number {
  const q = p - 0.5;
  const top = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ];
  const bottom = [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
  ];
  return (q * polynomial(top, q * q)) / polynomial(bottom, q * q);
}
