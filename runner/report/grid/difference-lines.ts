import type { Difference } from '../../conclusions/claims.js';
import type { Claim } from '../../statistics/claim.js';
import { plain } from '../../text/names.js';
import { formatNumber } from '../../text/numbers.js';
import type { KeptClaims } from './kept-claims.js';

/** What became of a report's claims, for a terminal: each that no longer holds with its numbers then and now. */
export function differenceLines({ grid, claims }: KeptClaims, differences: readonly Difference[]): string[] {
  if (differences.length === 0) return [`${plain(grid)}: all ${claims.length} claims come out the same`];
  const whole = `${plain(grid)}: ${differences.length} of ${claims.length} claims no longer hold as they are written`;
  return [
    whole,
    ...differences.flatMap(({ kind, kept, now }) => [
      `${words[kind]}: ${plain(kept.text)} (${plain(kept.id)})`,
      now === null ? `  then ${figures(kept)}` : `  then ${figures(kept)} → now ${figures(now)}`,
    ]),
  ];
}

const words: Readonly<Record<Difference['kind'], string>> = {
  gone: 'gone, the results no longer say it',
  overturned: 'overturned',
  changed: 'changed',
};

function figures({ verdict, estimate, interval, adjustedP, n, unit }: Claim): string {
  return [
    verdict,
    ...(estimate === null ? [] : [formatNumber(estimate)]),
    ...(interval === null ? [] : [`[${interval.map(formatNumber).join(', ')}]`]),
    ...(adjustedP === null ? [] : [`p = ${formatNumber(adjustedP)}`]),
    `${n} ${plain(unit)}`,
  ].join(' ');
}
