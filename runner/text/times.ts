/** Durations and times of day as people read them. */
import { missing } from './numbers.js';

/** Within a line of text, whole seconds: `8 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
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

/** In a column, tenths of short ones: `8.3s`, `2m05s`, `3h07m`. */
export function formatShortDuration(seconds: number | null): string {
  if (seconds === null) return missing;
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${two((seconds % 3600) / 60)}m`;
}

/** `14:32:05`, now. */
export const timeOfDay = (): string => new Date().toTimeString().slice(0, 8);

/** `14:32`, with the day if that isn't today. */
export function clockTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  const time = date.toTimeString().slice(0, 5);
  return date.toDateString() === new Date().toDateString()
    ? time
    : `${date.toDateString().slice(0, 10)} ${time}`;
}

/** `2026-03-01 14:32:05`, where the reader is. */
export function localTime(milliseconds: number): string {
  const date = new Date(milliseconds - new Date(milliseconds).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
