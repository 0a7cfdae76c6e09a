import type { DataContent } from '../../../trainer/contract/data-report.js';
import { css } from '../colors.js';
import { escapeMarkup } from '../escape.js';
import { chart, plotArea, round } from '../svg/chart.js';
import { linearScale } from '../svg/scale.js';

/** So many class names fit below their bars. */
const mostLabels = 20;

/** Images of each class, training and validation on top of each other. */
export function classChart(classes: DataContent['classes']): string {
  const { left, right, top, bottom } = plotArea;
  const y = linearScale(Math.max(...classes.map(({ train, validation }) => train + validation)), [
    bottom,
    top,
  ]);
  const pitch = (right - left) / classes.length;
  // Gaps between thin bars would only make them flicker.
  const width = pitch < 8 ? pitch : Math.max(pitch * 0.8, pitch - 6);
  const bar = (index: number, from: number, to: number, color: 'first' | 'second') =>
    `<rect x="${round(left + index * pitch + (pitch - width) / 2)}" y="${round(y(to))}" width="${round(width)}" height="${round(y(from) - y(to))}" fill="${css(color)}"/>`;
  const every = Math.ceil(classes.length / mostLabels);
  return chart({
    title: 'Images of each class',
    xTitle: 'class',
    yTitle: 'images',
    x: classes.flatMap(({ name }, index) =>
      index % every === 0
        ? [{ position: left + (index + 0.5) * pitch, label: shortened(name, pitch * every) }]
        : [],
    ),
    y,
    legend: [
      { label: 'training', color: 'first' },
      { label: 'validation', color: 'second' },
    ],
    marks: classes.map(
      ({ name, train, validation }, index) =>
        `<g><title>${escapeMarkup(`${name}: ${train} + ${validation}`)}</title>${bar(index, 0, train, 'first')}${bar(index, train, train + validation, 'second')}</g>`,
    ),
    description: `Number of images of ${classes.length} classes`,
  });
}

/** As much of a name as fits into so many pixels. */
function shortened(name: string, pixels: number): string {
  const fitting = Math.max(3, Math.floor(pixels / 7));
  return name.length <= fitting ? name : `${name.slice(0, fitting - 1)}…`;
}
