/** What all charts are drawn on: a frame with titles, grid lines and a legend. */
import { type Color, colorVariables, css } from '../colors.js';
import { escapeMarkup } from '../escape.js';
import type { Scale } from './scale.js';

/** Pixels; a page may show it at any size. */
const chartSize = { width: 860, height: 300 };

/** Where the data goes. */
export const plotArea = { left: 62, right: 846, top: 40, bottom: 250 };

export interface Frame {
  title: string;
  xTitle: string;
  yTitle: string;
  x: { position: number; label: string }[];
  y: Scale;
  legend: { label: string; color: Color }[];
  /** The data, as SVG elements. */
  marks: readonly string[];
  /** Of the whole chart, for those who can't see it. */
  description: string;
}

/** A whole SVG document that follows light and dark, alone and inside of a page. */
export function chart({ title, xTitle, yTitle, x, y, legend, marks, description }: Frame): string {
  const { width, height } = chartSize;
  const { left, right, top, bottom } = plotArea;
  const text = (at: { x: number; y: number; anchor?: string; color?: Color; more?: string }, words: string) =>
    `<text x="${round(at.x)}" y="${round(at.y)}" text-anchor="${at.anchor ?? 'middle'}" fill="${css(at.color ?? 'faint')}"${at.more ?? ''}>${escapeMarkup(words)}</text>`;
  const middle = (top + bottom) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeMarkup(description)}">`,
    `<style>${colorVariables('svg.chart')}svg.chart{font:12px system-ui,sans-serif;background:${css('background')}}</style>`,
    text(
      { x: left, y: 20, anchor: 'start', color: 'text', more: ' font-weight="600" font-size="14"' },
      title,
    ),
    ...y.ticks.flatMap(({ value, label }) => [
      `<path d="M${left} ${round(y(value))}H${right}" stroke="${css('line')}"/>`,
      text({ x: left - 8, y: y(value) + 4, anchor: 'end' }, label),
    ]),
    ...marks,
    `<path d="M${left} ${bottom}H${right}" stroke="${css('faint')}"/>`,
    ...x.map(({ position, label }) => text({ x: position, y: bottom + 17 }, label)),
    text({ x: (left + right) / 2, y: bottom + 38 }, xTitle),
    text({ x: 14, y: middle, more: ` transform="rotate(-90 14 ${middle})"` }, yTitle),
    ...legend.flatMap(({ label, color }, index) => {
      const at = right - 120 * (legend.length - index);
      return [
        `<rect x="${at}" y="11" width="10" height="10" rx="2" fill="${css(color)}"/>`,
        text({ x: at + 16, y: 20, anchor: 'start' }, label),
      ];
    }),
    '</svg>',
  ].join('');
}

export const round = (value: number): number => Math.round(value * 100) / 100;
