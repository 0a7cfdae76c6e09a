/** What a claim rests on, for people. */
import type { Claim } from '../../statistics/claim.js';
import { shortId } from '../../text/names.js';
import { formatNumber } from '../../text/numbers.js';

/** @param most of its cells that are named */
export function receiptFacts(claim: Claim, most: number): { name: string; value: string }[] {
  const { verdict, estimate, interval, p, adjustedP, n, unit, cells, command, id } = claim;
  return [
    {
      name: 'verdict',
      value: verdict === 'holds' ? 'holds' : 'undecided: can’t be told from chance',
    },
    ...(estimate === null ? [] : [{ name: 'estimate', value: formatNumber(estimate) }]),
    ...(interval === null ? [] : [{ name: '95% interval', value: interval.map(formatNumber).join(' to ') }]),
    ...(p === null
      ? []
      : [
          {
            name: 'p',
            value: `${formatNumber(p)}${adjustedP === null ? '' : `; ${formatNumber(adjustedP)} adjusted (Holm)`}`,
          },
        ]),
    { name: 'rests on', value: `${n} ${unit}` },
    ...(cells.length === 0 ? [] : [{ name: `${cells.length} cells`, value: cellsNamed(cells, most) }]),
    { name: 'again by', value: command },
    { name: 'id', value: id },
  ];
}

const cellsNamed = (cells: readonly string[], most: number): string =>
  cells.slice(0, most).map(shortId).join(' ') +
  (cells.length > most ? ` … and ${cells.length - most} more` : '');
