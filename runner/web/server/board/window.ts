import { compareValues, type Objective } from '../../../domain/metric.js';
import type { LeaderboardRow } from '../../../leaderboard/row.js';
import type { LeaderboardAnswer } from '../../wire.js';
import { byText } from './axes.js';
import type { Selection } from './board.js';

/** Rows of one answer at most. */
export const mostRows = 500;

export interface WindowOptions {
  from: number;
  count: number;
  /** `value`, `std`, … or `labels.<axis>`; undefined: by rank. */
  sort: string | undefined;
  isDescending: boolean;
}

const numbers = ['value', 'std', 'seeds', 'bestEpoch', 'lastValue', 'trainValue', 'seconds', 'rank'] as const;
type Key = (typeof numbers)[number];

/** Rows `from` to `from + count` of those that match, in the order asked for; those without a value come last in any. */
export function windowOf(
  all: number,
  { rows, differing }: Selection,
  objective: Objective,
  options: WindowOptions,
): Omit<LeaderboardAnswer, 'at' | 'blocks'> {
  const { from, count } = options;
  const sorted = inOrder(rows, options);
  return {
    objective,
    all,
    matching: rows.length,
    from,
    rows: sorted.slice(from, from + Math.min(count, mostRows)),
    differing,
  };
}

function inOrder(
  rows: readonly LeaderboardRow[],
  { sort, isDescending }: WindowOptions,
): readonly LeaderboardRow[] {
  if (sort === undefined) return rows;
  const axis = /^labels\.(.*)$/s.exec(sort)?.[1];
  const direction = isDescending ? 'maximize' : 'minimize';
  if (axis !== undefined) {
    const sign = isDescending ? -1 : 1;
    return [...rows].sort((a, b) => sign * byText.compare(a.labels[axis] ?? '', b.labels[axis] ?? ''));
  }
  const key = numbers.find(name => name === sort) as Key | undefined;
  if (key === undefined) return rows;
  return [...rows].sort((a, b) => compareValues(a[key], b[key], direction));
}
