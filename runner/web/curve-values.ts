/** What charts make of curves. */

type Values = readonly (number | null | undefined)[];

/**
 * An exponential moving average of the values that are there, without the pull of its beginning towards 0 (Kingma and Ba 2015, section 3):
 * `weight` of what came before, 0 to 1. NaN and what isn't there stay so.
 */
export function smoothed(values: Values, weight: number): (number | null | undefined)[] {
  let sum = 0;
  let total = 0;
  return values.map(value => {
    if (value === null || value === undefined) return value;
    sum = weight * sum + (1 - weight) * value;
    total = weight * total + (1 - weight);
    return sum / total;
  });
}

/** Fewer values have no outliers: each is a part of the picture. */
const fewValues = 20;
const margin = 0.05;

/**
 * What of the values is to be seen where a few of them are so far off that the others would be one line: those between the 1% and the 99%
 * quantile, and a margin. Null: all of them.
 */
export function rangeWithoutOutliers(values: Values): readonly [number, number] | null {
  const sorted = values.filter(value => typeof value === 'number').sort((a, b) => a - b);
  if (sorted.length < fewValues) return null;
  // At least one value may be off at each end, also where 1% is less than that.
  const cut = Math.max(1, Math.floor(sorted.length / 100));
  const [least, most] = [sorted[cut]!, sorted[sorted.length - 1 - cut]!];
  const span = most - least;
  const all = sorted.at(-1)! - sorted[0]!;
  return span > 0 && all > 3 * span ? [least - margin * span, most + margin * span] : null;
}
