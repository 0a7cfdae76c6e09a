/** Cells beside each other, in lines. */
import type { ClassComparison } from '../conclusions/compare/classes.js';
import type { Compared, ComparedSide } from '../conclusions/compare/compare.js';
import { describeClaim } from '../conclusions/words.js';
import { letterPlot } from '../text/letter-plot.js';
import { wrapText } from '../text/lines.js';
import { plain, shortId } from '../text/names.js';
import { formatCount, formatFixed, formatMean, formatNumber } from '../text/numbers.js';
import { textTable } from '../text/table.js';
import { formatShortDuration } from '../text/times.js';

/** Classes, and pairs of them, that are told one by one. */
const listed = 5;

export function compareLines(page: Compared, width = Number.POSITIVE_INFINITY): string[] {
  const { grid, objective, epoch, sides, settings, classes, claims } = page;
  const letters = sides.map((_, i) => String.fromCharCode('A'.charCodeAt(0) + (i % 26)));
  const letter = (side: ComparedSide) => letters[sides.indexOf(side)]!;
  const column = (title: string, of: (side: ComparedSide) => string) => ({
    title,
    cells: sides.map(of),
    align: 'right' as const,
  });
  const without = sides.filter(({ value, lost }) => value === null || lost > 0);
  const curves = sides.map(side => ({ letter: letter(side), points: side.curve }));
  return [
    `${plain(grid)}: ${plain(objective.metric)}${epoch === null ? ' at the best epochs' : ` at the best of the first ${epoch} epochs, which all have`}`,
    ...textTable(
      [
        { title: '', cells: letters },
        { title: 'setting', cells: sides.map(({ name }) => name), shrinksTo: 12 },
        column('value', ({ value, std }) => formatMean(value, std)),
        column('n', ({ n, cells }) => (n === cells.length ? `${n}` : `${n}/${cells.length}`)),
        column('last', ({ last }) => formatFixed(last)),
        column('time', ({ seconds }) => formatShortDuration(seconds)),
        { title: 'cell', cells: sides.map(({ cells }) => shortId(cells[0]!)) },
      ],
      width,
    ),
    '',
    'settings that differ',
    ...(settings.length === 0
      ? ['  none but the seed']
      : textTable(
          [
            { title: '', cells: settings.map(({ path }) => path), shrinksTo: 12 },
            ...sides.map((side, i) => ({
              title: letter(side),
              cells: settings.map(({ values }) => plain(values[i] ?? '–')),
              shrinksTo: 8,
            })),
          ],
          width - 2,
        ).map(line => `  ${line}`)),
    '',
    ...letterPlot(curves, { width: Math.min(width, 80), height: 10, format: formatNumber }),
    ...(classes === null
      ? [
          '',
          'what differs by class is not known: figures of the best weights are missing, or of other classes',
        ]
      : ['', ...classLines(classes, letters)]),
    '',
    ...without.map(({ name, lost }) =>
      lost > 0 ? `${name} ended without a value in ${formatCount(lost)}` : `${name} has no value yet`,
    ),
    ...claims
      .map(claim => `${claim.verdict === 'holds' ? '=' : '?'} ${describeClaim(claim)}`)
      .flatMap(line => (line.length > width ? wrapText(line, width) : [line])),
  ];
}

function classLines({ classes, confusions }: ClassComparison, [a, b]: readonly string[]): string[] {
  const apart = classes.filter(({ accuracies }) => accuracies[0] !== accuracies[1]);
  const named = apart
    .slice(0, listed)
    .map(
      ({ name, images, accuracies: [x, y] }) =>
        `${plain(name)} ${formatNumber(x)} → ${formatNumber(y)} (${images} images)`,
    );
  const taken = confusions
    .slice(0, listed)
    .map(
      ({ own, taken, counts: [x, y] }) =>
        `${plain(own)} taken for ${plain(taken)} ${formatCount(x)} → ${formatCount(y)}`,
    );
  return [
    `by class, ${a} → ${b}, ${apart.length} of ${classes.length} differ`,
    ...(named.length === 0 ? [] : [`  ${named.join(', ')}`]),
    ...(taken.length === 0 ? [] : [`  ${taken.join(', ')}`]),
  ];
}
