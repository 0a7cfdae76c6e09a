/** Derivatives of ln Γ, for x > 0: upwards by their recurrences, then Stirling's series (Abramowitz, Stegun 6.4.11, 6.4.12). */

const far = 10;

/** ψ(x), the first derivative. */
export function digamma(x: number): number {
  let sum = 0;
  let at = x;
  for (; at < far; at++) sum -= 1 / at;
  const square = 1 / (at * at);
  return (
    sum + Math.log(at) - 0.5 / at - square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square / 240)))
  );
}

/** ψ′(x), the second. */
export function trigamma(x: number): number {
  let sum = 0;
  let at = x;
  for (; at < far; at++) sum += 1 / (at * at);
  const square = 1 / (at * at);
  const series = 1 / 6 - square * (1 / 30 - square * (1 / 42 - square / 30));
  return sum + 1 / at + square / 2 + (square / at) * series;
}

/** ψ‴(x), the fourth. */
export function thirdPolygamma(x: number): number {
  let sum = 0;
  let at = x;
  for (; at < far; at++) sum += 6 / at ** 4;
  const square = 1 / (at * at);
  return sum + 2 / at ** 3 + 3 / at ** 4 + 2 / at ** 5 - (square / at ** 5) * (1 - (4 / 3) * square);
}
