/** Numbers, times and names in few columns. */

import type { Labels } from '../domain/stored.js';
import { plain } from './cells.js';
import { displayWidth, fitToWidth } from './display-width.js';

/** Four significant digits without an exponent where that is short: `0.9712`, `12.35`, `1.2e-7`. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return `${value}`;
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e5 ? `${Number(value.toPrecision(4))}` : value.toExponential(1);
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** The labels of a cell without their paths: `resnet18 · adamw · 1`; the start of its id where it has none. */
export function cellName(cellId: string, labels: Labels): string {
  const values = Object.values(labels);
  return values.length > 0 ? plain(values.join(' · ')) : shortId(cellId);
}

/** Enough of a cellId to tell cells apart and to name one. */
export const shortId = (cellId: string): string => cellId.slice(0, 8);

/** Slots of this machine without the name of their backend. */
export const slotName = (slotId: string): string => slotId.replace(/^local\//, '');

/** Breaks a text at spaces into lines of at most `width` columns; longer words are left whole. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || displayWidth(last) + 1 + displayWidth(word) > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

export interface Field {
  text: string;
  /** Fields with the lowest are left out first when the line is too narrow. */
  weight: number;
}

/** Joins fields by two spaces in their order, leaving out the least important ones until they fit into `width` columns. */
export function fitLine(fields: readonly Field[], width: number): string {
  const shown = fields.filter(field => field.text !== '');
  const join = () => shown.map(field => field.text).join('  ');
  while (shown.length > 1 && displayWidth(join()) > width) {
    const least = shown.reduce((a, b) => (b.weight < a.weight ? b : a));
    shown.splice(shown.indexOf(least), 1);
  }
  const line = join();
  return displayWidth(line) > width ? fitToWidth(line, width, 'left') : line;
}
