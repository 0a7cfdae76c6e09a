/** From values to positions in a chart. */

export interface Scale {
  (value: number): number;
  /** Values that deserve a line, with their labels. */
  ticks: { value: number; label: string }[];
}

/** Linear from 0 (or `low`) to at least `high`, with about five round ticks. */
export function linearScale(high: number, range: [number, number], low = 0): Scale {
  const step = roundStep((high - low) / 5 || 1);
  const top = Math.max(high, low + step);
  const at = (value: number) => range[0] + ((value - low) / (top - low)) * (range[1] - range[0]);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(top / step + 1e-9) - first + 1;
  const ticks = Array.from({ length: count }, (_, i) => (first + i) * step);
  return Object.assign(at, { ticks: ticks.map(value => ({ value, label: shortNumber(value) })) });
}

/** Logarithmic, with a tick at each power of ten. */
export function logScale(low: number, high: number, range: [number, number]): Scale {
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const at = (value: number) =>
    range[0] + ((Math.log10(value) - from) / (to - from || 1)) * (range[1] - range[0]);
  const first = Math.ceil(from - 1e-9);
  const ticks = Array.from({ length: Math.max(0, Math.floor(to + 1e-9) - first + 1) }, (_, i) => first + i);
  return Object.assign(at, { ticks: ticks.map(power => ({ value: 10 ** power, label: `1e${power}` })) });
}

/** 1, 2 or 5 times a power of ten. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const rest = step / power;
  return power * (rest < 1.5 ? 1 : rest < 3.5 ? 2 : rest < 7.5 ? 5 : 10);
}

/** `1.2k`, `3M`, `0.25`. */
function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  return `${Number(value.toPrecision(3))}`;
}
