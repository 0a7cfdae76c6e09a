import { stateTable } from '../../../domain/run-state.js';
import { formatFixed, formatMean } from '../../../text/numbers.js';
import type { Square } from '../../wire.js';

/** A square in words: what it says, and of how many. */
export function wordsOf({ value, std, spread, rows, seeds, state, failed }: Square, name: string): string {
  return [
    `${name}:`,
    value === null ? stateTable[state].shownAs : formatMean(value, std),
    rows > 1 ? `mean of ${rows} rows` : `${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`,
    ...(rows > 1 && spread !== null ? [`from ${formatFixed(spread[0])} to ${formatFixed(spread[1])}`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ].join(' ');
}
