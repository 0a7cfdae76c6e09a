import type { Claim } from '../../statistics/claim.js';
import { plain } from '../../text/names.js';
import { formatNumber } from '../../text/numbers.js';
import { formatDuration } from '../../text/times.js';
import type { CellsCost } from '../cost-of-cells.js';
import type { NextGrid } from './next-grid.js';

/** What the next grid costs and rests on, as comments above it. */
export function commentsOf(
  { cells, followed, leftOut }: NextGrid,
  cost: CellsCost,
  before: { grid: string; day: string },
): string {
  const lines = [
    `The next grid after ${plain(before.grid)}, as \`grid next\` wrote it on ${before.day} from the results.`,
    `${cells.length} cells, ${cost.cells} of them new: ${costWords(cost)}.`,
    'It has, beside what the grid before had:',
    ...followed.flatMap(({ suggestion: { claim }, words }) => [
      `  ${plain(words)}`,
      `    since ${evidence(claim)}`,
    ]),
    ...leftOut.map(
      ({ suggestion: { claim, advice }, reason }) =>
        `Not in it: ${plain(advice)} ${plain(claim.text)} (${plain(reason)})`,
    ),
  ];
  return lines.map(line => `# ${line}\n`).join('');
}

export const costWords = ({ cells, seconds, unknown }: CellsCost): string => {
  if (cells === 0) return 'nothing to train';
  const known = seconds > 0 ? `${formatDuration(seconds)} of training by measured epochs` : '';
  const rest = unknown > 0 ? `${unknown} of which nothing like was measured` : '';
  return [known, rest].filter(words => words !== '').join(', and ');
};

function evidence({ text, verdict, interval, p, adjustedP, n, unit, id }: Claim): string {
  const figures = [
    verdict === 'holds' ? 'holds' : 'undecided',
    ...(interval === null ? [] : [`95% ${interval.map(formatNumber).join(' to ')}`]),
    ...(p === null ? [] : [`p = ${formatNumber(adjustedP ?? p)}`]),
    `${n} ${unit}`,
    id,
  ];
  return `${plain(text)} [${plain(figures.join(', '))}]`;
}
