/** Values as people read them. */

export const missing = '–';

/** Four decimals, or four digits where that would hide the value. */
export function formatValue(value: number | null): string {
  if (value === null) return missing;
  const size = Math.abs(value);
  return size !== 0 && (size < 0.001 || size >= 1e5)
    ? String(Number(value.toPrecision(4)))
    : value.toFixed(4);
}

export function formatMean(value: number | null, std: number | null): string {
  return std === null ? formatValue(value) : `${formatValue(value)} ± ${formatValue(std)}`;
}

/** A mean of whole numbers: no decimals if it is one, else one. */
export function formatCount(value: number | null): string {
  if (value === null) return missing;
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

/** `8.3s`, `2m05s`, `3h07m`. */
export function formatSeconds(seconds: number | null): string {
  if (seconds === null) return missing;
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${two((seconds % 3600) / 60)}m`;
}

/** Text of others (labels, notes) on one line, without what would steer the terminal. */
export function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '');
}
