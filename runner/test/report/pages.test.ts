import { expect, it } from 'vitest';
import { escapeMarkup } from '../../report/escape.js';
import { rangeChart } from '../../report/range-test/chart.js';
import { rangeLines } from '../../report/range-test/lines.js';
import { linearScale, logScale } from '../../report/svg/scale.js';
import { plotLine } from '../../text/plot.js';

const points = Array.from({ length: 50 }, (_, i) => {
  const loss = i < 40 ? 3 - i / 20 : 3 + i;
  return { learningRate: 10 ** (i / 10 - 5), loss, smoothed: loss };
});
const test = {
  points,
  diverged: true,
  suggestion: { steepest: 1e-3, tenthOfMinimum: 1e-2 },
  engine: { name: 'wasm', version: '4.22.0', device: 'cpu x1 thread' },
  seconds: 1.5,
} as const;

it('names from outside can’t leave their place in a page', () => {
  expect(escapeMarkup('<b title="x">&\u0000')).toBe('&lt;b title=&quot;x&quot;&gt;&amp; ');
  const svg = rangeChart({ ...test, points: [...points] }, '</svg><script>');
  expect(svg).not.toContain('<script>');
  expect(svg.match(/<\/svg>/g)).toHaveLength(1);
});

it('a chart stays inside of its frame, however far the loss diverges', () => {
  const svg = rangeChart(
    { ...test, points: [...points.slice(0, 49), { ...points[49]!, loss: 1e9, smoothed: 1e9 }] },
    'rates',
  );
  const lines = svg.match(/<path d="M[^"]+"/g)!;
  const heights = lines.join('').matchAll(/[ML][\d.]+ ([\d.-]+)/g);
  for (const [, y] of heights) {
    expect(Number(y)).toBeGreaterThanOrEqual(0);
    expect(Number(y)).toBeLessThanOrEqual(300);
  }
});

it('a terminal gets lines of its width, with the suggested rates', () => {
  const lines = rangeLines({ ...test, points: [...points] }, 60);
  for (const line of lines.slice(0, 14)) expect(line.length).toBeLessThanOrEqual(60);
  expect(lines.join('\n')).toContain('steepest descent  0.0010');
  expect(lines.join('\n')).toContain('until the loss diverged');
  expect(lines.find(line => line.includes('└'))!.match(/▲/g)).toHaveLength(2);
});

it('a plotted line goes from corner to corner without a gap', () => {
  const rows = plotLine(
    [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ],
    4,
    4,
  );
  const drawn = rows.map(row => [...row].map(character => character !== '\u2800'));
  for (let row = 0; row < 4; row++) expect(drawn[row]![3 - row]).toBe(true);
  expect([drawn[0]![0], drawn[3]![3]]).toEqual([false, false]);
});

it.each([
  [7, 0, [0, 1, 2, 3, 4, 5, 6, 7]],
  [100, 0, [0, 20, 40, 60, 80, 100]],
  [0, 0, [0, 1]],
])('a scale to %d has round ticks', (high, low, ticks) => {
  expect(linearScale(high, [0, 1], low).ticks.map(({ value }) => value)).toEqual(ticks);
});

it('a logarithmic scale has a tick at each power of ten', () => {
  const scale = logScale(1e-5, 2, [0, 100]);
  expect(scale.ticks.map(({ label }) => label)).toEqual(['1e-5', '1e-4', '1e-3', '1e-2', '1e-1', '1e0']);
  expect(scale(1e-5)).toBe(0);
  expect(scale(2)).toBeCloseTo(100, 9);
});
