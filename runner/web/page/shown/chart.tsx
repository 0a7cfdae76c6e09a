import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { formatNumber } from '../../../text/numbers.js';

export interface Line {
  label: string;
  color: string;
  /** By x; null: NaN there, where the line breaks; undefined: nothing of this line is at that x. */
  values: readonly (number | null | undefined)[];
  isDashed?: boolean;
  /** Drawn faintly, without a place in the legend. */
  isFaint?: boolean;
}

/** An area between two lines. */
interface Band {
  color: string;
  low: readonly (number | null)[];
  high: readonly (number | null)[];
}

export interface Mark {
  x: number;
  words: string;
  isAlarm?: boolean;
}

export interface ChartProps {
  title: string;
  xTitle: string;
  xs: readonly number[];
  lines: readonly Line[];
  bands?: readonly Band[];
  marks?: readonly Mark[];
  isLogarithmic?: boolean;
  /** What of the values is seen: those beyond are arrows at the edge. Null: all. */
  range?: readonly [number, number] | null;
}

const height = 240;
/** Without a place in the legend: uPlot gives what has no label one of its own. */
const unnamed = 'is-unnamed';
/** There is nothing between two epochs. */
const wholeSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** Lines over a common x; drag to look closer, double click for all. What it shows is in a table for whoever can't see it. */
export function Chart(props: ChartProps) {
  const container = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const { lines, bands = [], xs, title, xTitle, isLogarithmic = false, marks = [], range = null } = props;
  // Another plot is made where its lines are others; new values go into the one that is there.
  const shape = JSON.stringify([
    title,
    xTitle,
    isLogarithmic,
    lines.map(({ label, color, isDashed, isFaint }) => [label, color, isDashed, isFaint]),
    bands.map(({ color }) => color),
  ]);
  const values = JSON.stringify([xs, lines.map(line => line.values), bands, marks, range]);

  useEffect(() => {
    const place = container.current!;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(
        optionsOf(latest.current, place.clientWidth, () => latest.current),
        dataOf(latest.current),
        place,
      );
    };
    make();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: place.clientWidth, height }));
    resized.observe(place);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', make);
    return () => {
      resized.disconnect();
      dark.removeEventListener('change', make);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape]);
  useEffect(() => plot.current?.setData(dataOf(latest.current), true), [values]);

  const words = lines
    .filter(({ isFaint }) => !isFaint)
    .map(
      ({ label, values: own }) =>
        `${label} ${formatNumber(own.findLast(value => typeof value === 'number'))}`,
    );
  const beyond = lines
    .filter(({ isFaint }) => !isFaint)
    .reduce((sum, line) => sum + line.values.filter(value => isBeyond(value, range)).length, 0);
  return (
    <figure class="chart">
      <figcaption>
        {title}
        {beyond > 0 ? <span class="faint"> {beyond} values far off: arrows at the edge</span> : null}
      </figcaption>
      <div ref={container} role="img" aria-label={`${title} by ${xTitle}; last: ${words.join(', ')}`} />
    </figure>
  );
}

const dataOf = ({ xs, lines, bands = [] }: ChartProps): uPlot.AlignedData =>
  [
    xs,
    ...bands.flatMap(({ low, high }) => [low, high]),
    ...lines.map(({ values }) => values),
  ] as uPlot.AlignedData;

function optionsOf(
  { lines, bands = [], xTitle, isLogarithmic = false }: ChartProps,
  width: number,
  current: () => ChartProps,
): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: color('--faint'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { stroke: color('--line'), width: 1 },
    font: '12px system-ui, sans-serif',
    labelFont: '12px system-ui, sans-serif',
  };
  const value = (_: uPlot, number: number | null) => formatNumber(number);
  const edge: uPlot.Series = {
    show: true,
    class: unnamed,
    stroke: 'transparent',
    width: 0,
    points: { show: false },
    value,
  };
  return {
    width,
    height,
    scales: { x: { time: false }, y: yScale(isLogarithmic, current) },
    axes: [
      { ...axis, label: xTitle, labelSize: 18, ...(xTitle === 'epoch' && { incrs: wholeSteps }) },
      {
        ...axis,
        size: 60,
        values: (_, splits) => splits.map(each => (each === null ? '' : formatNumber(each))),
      },
    ],
    series: [
      { label: xTitle, value },
      ...bands.flatMap(() => [edge, edge]),
      ...lines.map(
        (line): uPlot.Series => ({
          ...(line.isFaint ? { class: unnamed } : { label: line.label }),
          stroke: line.color,
          width: 1,
          alpha: line.isFaint ? 0.45 : 1,
          ...(line.isDashed && { dash: [5, 4] }),
          points: { show: line.values.filter(each => typeof each === 'number').length < 30, size: 5 },
          value,
        }),
      ),
    ],
    bands: bands.map(({ color: fill }, index) => ({ series: [2 * index + 2, 2 * index + 1], fill })),
    cursor: { y: false },
    legend: { live: true, markers: { width: 2 } },
    hooks: {
      draw: [plot => drawBeyond(plot, current()), plot => drawMarks(plot, current().marks ?? [], color)],
    },
  };
}

const isBeyond = (value: number | null | undefined, range: ChartProps['range']): boolean =>
  typeof value === 'number' && !!range && (value < range[0] || value > range[1]);

function yScale(isLogarithmic: boolean, current: () => ChartProps): uPlot.Scale {
  if (isLogarithmic) return { distr: 3 };
  return {
    range: (_, least, most) => {
      const { range } = current();
      return range ? [range[0], range[1]] : uPlot.rangeNum(least, most, 0.1, true);
    },
  };
}

/** An arrow for each value that lies beyond what is seen. */
function drawBeyond(plot: uPlot, { lines, xs, range }: ChartProps): void {
  if (!range) return;
  const { ctx, bbox } = plot;
  const size = 5 * devicePixelRatio;
  ctx.save();
  for (const { values, color, isFaint } of lines) {
    if (isFaint) continue;
    ctx.fillStyle = color;
    for (const [index, value] of values.entries()) {
      if (!isBeyond(value, range)) continue;
      const at = plot.valToPos(xs[index]!, 'x', true);
      if (at < bbox.left || at > bbox.left + bbox.width) continue;
      const isUp = value! > range[1];
      const tip = isUp ? bbox.top : bbox.top + bbox.height;
      const base = tip + (isUp ? 1.6 : -1.6) * size;
      ctx.beginPath();
      ctx.moveTo(at, tip);
      ctx.lineTo(at - size, base);
      ctx.lineTo(at + size, base);
      ctx.fill();
    }
  }
  ctx.restore();
}

function drawMarks(plot: uPlot, marks: readonly Mark[], color: (name: string) => string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  for (const { x, words, isAlarm } of marks) {
    const at = Math.round(plot.valToPos(x, 'x', true));
    if (at < bbox.left || at > bbox.left + bbox.width) continue;
    ctx.strokeStyle = ctx.fillStyle = color(isAlarm ? '--red' : '--green');
    ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
    const isLate = at > bbox.left + bbox.width * 0.7;
    ctx.textAlign = isLate ? 'right' : 'left';
    ctx.fillText(
      words,
      at + (isLate ? -4 : 4) * devicePixelRatio,
      bbox.top + (isAlarm ? 26 : 12) * devicePixelRatio,
    );
  }
  ctx.restore();
}
