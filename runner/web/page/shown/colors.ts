/** Colours of cells and values. */
import type { Objective } from '../../../domain/metric.js';

/** Stops of viridis (Smith and van der Walt 2015): even in lightness, also for who sees few colours. */
const stops = [
  [68, 1, 84],
  [70, 50, 127],
  [54, 92, 141],
  [39, 127, 142],
  [31, 161, 135],
  [74, 194, 109],
  [159, 218, 58],
  [253, 231, 37],
] as const;

export interface Tone {
  background: string;
  /** Of text on it: contrast ≥ 4.5. */
  text: string;
}

/** Best values are light. `range`: least and greatest value. */
export function toneOf(
  value: number,
  [least, most]: readonly [number, number],
  { direction }: Objective,
): Tone {
  const share = most === least ? 1 : (value - least) / (most - least);
  const at = (direction === 'maximize' ? share : 1 - share) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.max(0, Math.floor(at)));
  const [from, to] = [stops[index]!, stops[index + 1]!];
  const mixed = from.map((part, i) => Math.round(part + (to[i]! - part) * (at - index)));
  return { background: `rgb(${mixed.join(' ')})`, text: lightness(mixed) > 0.18 ? '#000' : '#fff' };
}

/** Relative luminance (WCAG). */
function lightness(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map(part => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/** Of a cell, everywhere the same: its id is a hash. */
export function colorOf(cell: string): string {
  const number = Number.parseInt(cell.slice(0, 8), 16) || 0;
  const hue = (number % 359) + 1;
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  return `hsl(${hue} ${50 + 15 * (number % 3)}% ${(isDark ? 62 : 32) + 6 * ((number >>> 3) % 3)}%)`;
}
