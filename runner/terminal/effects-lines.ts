/** What each axis does, in lines. */

import type { AxisEffects, Effects } from '../conclusions/effects/effects.js';
import { percent } from '../conclusions/effects/shares.js';
import { describeClaim, describeGain } from '../conclusions/words.js';
import type { Decomposition } from '../statistics/decomposition.js';
import { wrapText } from '../text/lines.js';
import { plain } from '../text/names.js';
import { formatFixed, formatNumber } from '../text/numbers.js';
import { textTable } from '../text/table.js';

const stripWidth = 40;

export function effectsLines(page: Effects, width = Number.POSITIVE_INFINITY): string[] {
  const { grid, objective, cells, settings, axes, interactions, failures } = page;
  const goal = objective.direction === 'maximize' ? 'highest' : 'lowest';
  const lines = [
    `${plain(grid)}: what each axis does to the ${goal} ${plain(objective.metric)}; ${counted(cells, 'cell')} of ${counted(settings, 'setting')}, their seeds averaged`,
    ...basisLines(page),
  ];
  if (cells === 0) return [...lines, 'no cell is over yet'];
  const range = rangeOf(axes);
  for (const axis of axes) lines.push('', ...axisLines(axis, range, width));
  if (axes.length === 0)
    lines.push('', 'the cells differ in nothing but their seed: there is no effect to tell');
  if (page.shares !== null) lines.push('', ...shareLines(page.shares));
  if (page.sharesLeftOut !== null) lines.push('', page.sharesLeftOut);
  if (interactions.length > 0)
    lines.push('', 'interactions', ...interactions.map(claim => `  = ${claim.text}`));
  if (failures.length > 0)
    lines.push('', 'ended without a value', ...failures.map(claim => `  ${claim.text}`));
  lines.push('', ...closingLines(page));
  return lines.flatMap(line => wrapped(line, width));
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Which rows it rests on. */
function basisLines({ epoch, stopped, open, stale, lost, noise, objective }: Effects): string[] {
  const stop =
    stopped > 0
      ? `: ${counted(stopped, 'cell')} ended before all epochs, and a mean over the others would flatter them`
      : '';
  return [
    ...(epoch === null ? [] : [`all count as they were at epoch ${epoch}${stop}`]),
    ...(open > 0 ? [`${counted(open, 'cell')} not over yet: left out`] : []),
    ...(stale > 0 ? [`${counted(stale, 'cell')} stale: \`grid plan\` says why`] : []),
    ...(lost > 0
      ? [`${counted(lost, 'cell')} ended without a value: pairs with one are left out, and said`]
      : []),
    noise === null
      ? 'no setting was run with two seeds: how much the seeds alone differ is not known'
      : `seeds of one setting differ by ${describeGain(noise.std, null, objective).replace(/^\+| (lower|higher)$/g, '')} (standard deviation, ${counted(noise.df, 'degree')} of freedom)`,
  ];
}

type Range = readonly [least: number, most: number];

function rangeOf(axes: readonly AxisEffects[]): Range {
  const dots = axes.flatMap(({ values }) => values.flatMap(value => value.dots));
  return dots.reduce<Range>(
    ([least, most], dot) => [Math.min(least, dot), Math.max(most, dot)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}

function axisLines(axis: AxisEffects, range: Range, width: number): string[] {
  const { path, linked, values, claims, incomparable } = axis;
  const scale = `${formatNumber(range[0])} … ${formatNumber(range[1])}`;
  const table = textTable(
    [
      { title: '', cells: values.map(({ label }) => plain(label)), align: 'left', shrinksTo: 6 },
      { title: 'mean', cells: values.map(({ mean }) => formatFixed(mean)), align: 'right' },
      {
        title: scale.padEnd(stripWidth),
        cells: values.map(value => strip(value, range)),
        align: 'left',
        dropOrder: 1,
      },
      { title: 'settings', cells: values.map(({ dots }) => `${dots.length}`), align: 'right', dropOrder: 0 },
      ...(values.some(({ lost }) => lost > 0)
        ? [
            {
              title: 'no value',
              cells: values.map(({ lost, cells }) => `${lost}/${cells}`),
              align: 'right' as const,
            },
          ]
        : []),
    ],
    width - 2,
  );
  return [
    [path, ...linked].map(plain).join(' + '),
    ...table.map(line => `  ${line}`),
    ...claims.map(claim => `  ${claim.verdict === 'holds' ? '=' : '?'} ${describeClaim(claim)}`),
    ...incomparable.map(
      ([a, b]) =>
        `  ? ${plain(a)} and ${plain(b)} share no combination of the other axes with a value for both: not compared`,
    ),
  ];
}

/** Of shares below this nothing is said one by one. */
const leastShare = 0.005;

function shareLines({ terms, noise, seedShare, restShare }: Decomposition): string[] {
  const name = (factors: readonly string[]) => factors.map(plain).join(' × ');
  const own = terms
    .filter(({ share, factors }) => share !== null && (factors.length === 1 || share >= leastShare))
    .sort((a, b) => b.share! - a.share!)
    .map(({ factors, share }) => `${name(factors)} ${percent(share!)}`);
  const others = [
    ...(seedShare === null ? [] : [`the seeds ${percent(seedShare)}`]),
    ...(restShare === null ? [] : [`more than two axes together ${percent(restShare)}`]),
  ];
  const against =
    noise === null
      ? ['no setting was run twice, and nothing is left over: what is chance isn’t known']
      : noise.from === 'residual'
        ? ['no setting was run twice: what the axes leave over is taken for chance']
        : [];
  return [
    'of the differences between cells go with (ω²)',
    ...(own.length + others.length === 0 ? [] : [`  ${[...own, ...others].join(', ')}`]),
    ...against.map(words => `  ${words}`),
    ...terms
      .filter(({ factors, aliasedWith }) => factors.length === 1 && aliasedWith.length > 0)
      .map(
        ({ factors, aliasedWith }) =>
          `  ${name(factors)} can't be separated from ${aliasedWith.map(name).join(', ')} in these cells`,
      ),
  ];
}

/** A dot a setting, where several fall together a thick one; the mean is a bar. */
function strip({ dots, mean }: AxisEffects['values'][number], [least, most]: Range): string {
  const counts = new Array<number>(stripWidth).fill(0);
  const place = (value: number) =>
    most === least ? 0 : Math.round(((value - least) / (most - least)) * (stripWidth - 1));
  for (const dot of dots) counts[place(dot)]!++;
  const characters: string[] = counts.map(count => (count === 0 ? ' ' : count === 1 ? '·' : '•'));
  if (mean !== null) characters[place(mean)] = '|';
  return characters.join('');
}

function closingLines({ bestOf, objective, axes }: Effects): string[] {
  const legend = axes.some(({ claims }) => claims.length > 0)
    ? [
        '= holds at 5% over all claims of this page; ? undecided; [ ] 95% interval over combinations like these',
      ]
    : [];
  if (bestOf === null) return legend;
  const { curve, first, gain } = bestOf;
  return [
    `best of n settings, as it can be expected: ${milestones(curve.length)
      .map(n => `${n}: ${formatFixed(curve[n - 1]!)}`)
      .join(
        '  ',
      )}; the last 40% of the settings (${first + 1} to ${curve.length}) bought ${describeGain(gain, null, objective).replace(/^\+/, '')}`,
    ...legend,
  ];
}

/** 1, 2, 4, … and the last. */
function milestones(count: number): number[] {
  const found: number[] = [];
  for (let n = 1; n < count; n *= 2) found.push(n);
  return [...found, count];
}

function wrapped(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const indent = line.match(/^ */)![0];
  // Tables are fitted already.
  if (/ {2,}/.test(line.trim())) return [line];
  const [first, ...rest] = wrapText(line.trim(), width - indent.length - 2);
  return [`${indent}${first}`, ...rest.map(more => `${indent}  ${more}`)];
}
