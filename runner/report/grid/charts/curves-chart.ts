/** Means over seeds by epoch, with the band of their spread, as SVG that follows light and dark. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { type Color, colorVariables, css } from '../../colors.js';
import { escapeMarkup } from '../../escape.js';
import type { MeanPoint } from './mean-curve.js';

interface Series {
  name: string;
  color: Color;
  points: readonly MeanPoint[];
  /** Marked; null: none. */
  best?: { epoch: number; value: number } | null;
  isDashed?: boolean;
}

interface CurvesOptions {
  title: string;
  series: readonly Series[];
  /** Epochs that deserve a line, with a word. */
  marks?: readonly { epoch: number; label: string }[];
  description: string;
}

const width = 680;
const plotHeight = 300;
const rowHeight = 18;

/** As far as it is used: there are no types of a browser here. */
interface SvgElement {
  outerHTML: string;
}

export function curvesChart({ title, series, marks = [], description }: CurvesOptions): string {
  const { document } = parseHTML('<html><body></body></html>');
  const top = 40 + rowHeight * series.length;
  const lines = series.flatMap(({ color, points, isDashed = false }) => {
    const most = Math.max(...points.map(({ n }) => n));
    const whole = points.findLastIndex(({ n }) => n === most);
    const style = { x: 'epoch', y: 'mean', stroke: css(color), strokeWidth: 2 };
    const dashes = { ...style, strokeDasharray: '5 4' };
    return [
      Plot.areaY(
        points.filter(({ n }) => n > 1),
        { x: 'epoch', y1: 'low', y2: 'high', fill: css(color), fillOpacity: 0.16 },
      ),
      Plot.line(points.slice(0, whole + 1), isDashed ? dashes : style),
      // What is left of the seeds goes on dashed.
      ...(whole + 1 < points.length ? [Plot.line(points.slice(whole), { ...dashes, strokeWidth: 1 })] : []),
    ];
  });
  const best = series.flatMap(({ best, color }) => (best ? [{ ...best, color: css(color) }] : []));
  const chart: SvgElement = Plot.plot({
    ...{ document, width, height: top + plotHeight, className: 'plot' },
    ...{ marginTop: top, marginLeft: 58, marginRight: 20, marginBottom: 42 },
    style: { fontFamily: 'system-ui, sans-serif', fontSize: '13px', background: 'none', color: css('text') },
    x: { label: 'epoch', tickFormat: 'd', interval: 1, ticks: 8 },
    y: { label: null, grid: true, nice: true },
    marks: [
      Plot.ruleX(marks, { x: 'epoch', stroke: css('alarm'), strokeDasharray: '2 3' }),
      Plot.text(marks, {
        ...{ x: 'epoch', text: 'label', frameAnchor: 'top', textAnchor: 'start', dx: 4, dy: 4 },
        fill: css('alarm'),
      }),
      ...lines,
      Plot.dot(best, { x: 'epoch', y: 'value', fill: 'color', r: 4.5, stroke: css('background') }),
      Plot.text([title], {
        ...{ frameAnchor: 'top-left', textAnchor: 'start', dx: -40, dy: 10 - top, fontSize: 15 },
        ...{ fill: css('text'), fontWeight: 600 },
      }),
      ...series.map(({ name, color, isDashed }, row) =>
        Plot.text([`${isDashed ? '╌╌' : '━━'} ${name}`], {
          ...{ frameAnchor: 'top-left', textAnchor: 'start', dx: -40, dy: 32 + rowHeight * row - top },
          fill: css(color),
        }),
      ),
    ],
  });
  // As a file of its own it needs the namespace and the colours, too. Names of groups are for no reader: the whole is one picture.
  return chart.outerHTML
    .replace(/(<g\b[^>]*?) aria-label="[^"]*"/g, '$1')
    .replace(
      /^<svg([^>]*)>/,
      (_, own: string) =>
        `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeMarkup(description)}"${own}><style>${colorVariables('svg.plot')}</style>`,
    );
}
