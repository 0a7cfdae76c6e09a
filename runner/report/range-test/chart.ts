import type { RangePoint, RangeTest } from '../../../trainer/contract/range-test.js';
import { css } from '../colors.js';
import { chart, plotArea, round } from '../svg/chart.js';
import { linearScale, logScale } from '../svg/scale.js';
import { lossBounds } from './bounds.js';

/** Loss against the learning rate, with the suggested rates. */
export function rangeChart({ points, suggestion }: RangeTest, title: string): string {
  const { left, right, top, bottom } = plotArea;
  const x = logScale(points[0]!.learningRate, points.at(-1)!.learningRate, [left, right]);
  const { low, high } = lossBounds(points);
  const y = linearScale(high, [bottom, top], low - 0.1 * (high - low));
  const line = (value: (point: RangePoint) => number) =>
    points
      .map(
        point => `${round(x(point.learningRate))} ${round(Math.min(bottom, Math.max(top, y(value(point)))))}`,
      )
      .join('L');
  const mark = (rate: number | null, color: 'second' | 'green') =>
    rate === null
      ? []
      : [
          `<path d="M${round(x(rate))} ${top}V${bottom}" stroke="${css(color)}" stroke-width="1.5" stroke-dasharray="5 4"/>`,
        ];
  return chart({
    title,
    xTitle: 'learning rate',
    yTitle: 'training loss',
    x: x.ticks.map(({ value, label }) => ({ position: x(value), label })),
    y,
    legend: [
      { label: 'smoothed', color: 'first' },
      { label: 'steepest', color: 'second' },
      { label: 'minimum / 10', color: 'green' },
    ],
    marks: [
      `<path d="M${line(point => point.loss)}" fill="none" stroke="${css('faint')}" stroke-width="0.8" opacity="0.6"/>`,
      `<path d="M${line(point => point.smoothed)}" fill="none" stroke="${css('first')}" stroke-width="2"/>`,
      ...mark(suggestion.steepest, 'second'),
      ...mark(suggestion.tenthOfMinimum, 'green'),
    ],
    description: 'Training loss against the learning rate',
  });
}
