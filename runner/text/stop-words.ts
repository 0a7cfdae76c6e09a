/** What is said of a cell that the rule of its grid has stopped, or holds. */
import type { RungMark, StopReason } from '../domain/stopping.js';
import { formatNumber } from './numbers.js';

/** `1st`, `2nd`, `11th`, `31st`. */
function ordinal(place: number): string {
  const isTeen = place % 100 >= 11 && place % 100 <= 13;
  const end = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th');
  return `${place}${end}`;
}

/** `stopped 4/30, 31st of 36, cut-off 0.455 ± 0.012`; `stopped 4/30: at chance level, 36th of 36`. */
export function wordsOfStop({
  rule,
  epoch,
  epochs,
  value,
  rank,
  of,
  cutOff,
  margin,
  against,
}: StopReason): string {
  const where = `stopped ${epoch}/${epochs}`;
  const place = `${ordinal(rank)} of ${of}`;
  if (against !== undefined) return `${where}: ${against}`;
  if (rule === 'diverged')
    return `${where}: ${value === null ? 'NaN' : `at chance level (${formatNumber(value)})`}`;
  if (value === null) return `${where}, ${place}: without a value, or a seed of it has failed`;
  const by = margin === null || margin === 0 ? '' : ` ± ${formatNumber(margin)}`;
  const line = cutOff === null ? '' : `, cut-off ${formatNumber(cutOff)}${by}`;
  return `${where}, ${place}${line}`;
}

/** The same of a cell that waits: `paused at a rung (3/30): others aren't there yet`. */
export function wordsOfMark(mark: RungMark): string {
  if (mark.at === 'out') return wordsOfStop(mark.reason);
  if (mark.epoch === 0) return 'begins once another seed of it has passed all rungs';
  return `paused at a rung (${mark.epoch}/${mark.epochs}): what becomes of it is decided by cells that aren’t there yet`;
}
