/** Numbers as people read them: `formatNumber` within a line of text, the others below each other in a column. */

/** Stands for a value that isn't there. */
export const missing = '–';

/** Four significant digits without an exponent where that is short: `0.9712`, `12.35`, `1.2e-7`. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return missing;
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return `${value}`;
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e5 ? `${Number(value.toPrecision(4))}` : value.toExponential(1);
}

/** Four decimals, or four digits where that would hide the value: `0.9700`. */
export function formatFixed(value: number | null): string {
  if (value === null) return missing;
  const size = Math.abs(value);
  return size !== 0 && (size < 0.001 || size >= 1e5)
    ? String(Number(value.toPrecision(4)))
    : value.toFixed(4);
}

export function formatMean(value: number | null, std: number | null): string {
  return std === null ? formatFixed(value) : `${formatFixed(value)} ± ${formatFixed(std)}`;
}

/** A mean of whole numbers: no decimals if it is one, else one. */
export function formatCount(value: number | null): string {
  if (value === null) return missing;
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
