import { signal } from '@preact/signals';
import { rangeWithoutOutliers, smoothed } from '../../curve-values.js';
import type { Line } from './chart.js';

/** How all curves are shown: also those of the next page. */
const smoothing = signal(0);
const isWhole = signal(false);

export const CurveView = () => (
  <>
    <label>
      smoothing{' '}
      <input
        type="range"
        min="0"
        max="0.95"
        step="0.05"
        value={smoothing.value}
        aria-valuetext={smoothing.value === 0 ? 'none' : String(smoothing.value)}
        onInput={event => {
          smoothing.value = Number(event.currentTarget.value);
        }}
      />
    </label>
    <label>
      <input
        type="checkbox"
        checked={isWhole.value}
        onChange={event => {
          isWhole.value = event.currentTarget.checked;
        }}
      />
      also what is far off
    </label>
  </>
);

/** Smoothed lines over the faint ones that they are made of, and what of them is seen. */
export function viewOf(lines: readonly Line[]): { lines: Line[]; range: readonly [number, number] | null } {
  const weight = smoothing.value;
  const range = isWhole.value ? null : rangeWithoutOutliers(lines.flatMap(({ values }) => values));
  if (weight === 0) return { lines: [...lines], range };
  const faint = lines.map(line => ({ ...line, isFaint: true }));
  const smooth = lines.map(line => ({ ...line, values: smoothed(line.values, weight) }));
  return { lines: [...faint, ...smooth], range };
}
