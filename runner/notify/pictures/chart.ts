/** Charts as PNG: drawn by Observable Plot, without a browser. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { pngOf } from '../../pictures/png.js';

const width = 900;
const height = 520;
/** Of the legend. */
const rowHeight = 18;
/** As far as it is used: there are no types of a browser here. */
interface SvgElement {
  setAttribute(name: string, value: string): void;
  outerHTML: string;
}

export interface Line {
  name: string;
  points: readonly (readonly [epoch: number, value: number | null])[];
}

/** Lines over epochs, each in a colour of its own. */
export function linesChart(title: string, yLabel: string, lines: readonly Line[]): Uint8Array {
  const { document } = parseHTML('<html><body></body></html>');
  const points = lines.flatMap(({ name, points: own }) =>
    own.map(([epoch, value]) => ({ name, epoch, value: value ?? Number.NaN })),
  );
  const chart: SvgElement = Plot.plot({
    ...{
      document,
      width,
      height,
      marginLeft: 60,
      marginTop: 56 + rowHeight * lines.length,
      marginRight: 24,
      marginBottom: 44,
    },
    style: { fontFamily: 'Inter', fontSize: '13px', background: 'white' },
    x: { label: 'epoch', tickFormat: 'd', interval: 1, ticks: 10 },
    y: { label: yLabel, grid: true },
    color: { domain: lines.map(({ name }) => name), scheme: 'Observable10' },
    marks: [
      Plot.line(points, { x: 'epoch', y: 'value', stroke: 'name', strokeWidth: 2 }),
      Plot.dot(points, { x: 'epoch', y: 'value', fill: 'name', r: 2.5 }),
      Plot.text([title], {
        ...{ frameAnchor: 'top', dy: -40 - rowHeight * lines.length, fontSize: 17 },
      }),
      // A legend above the lines: one that Plot puts beside it is HTML.
      ...lines.map(({ name }, i) =>
        Plot.text([`● ${name}`], {
          ...{ frameAnchor: 'top', dy: -12 - rowHeight * (lines.length - 1 - i), fill: () => name },
        }),
      ),
    ],
  });
  // Of HTML it is a part without one of its own.
  chart.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return pngOf(chart.outerHTML);
}
