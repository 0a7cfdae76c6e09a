/** Which rows of the leaderboard are asked for. */
import type { RunState } from '../../../domain/run-state.js';
import type { LeaderboardRow } from '../../../leaderboard/row.js';

export interface Filter {
  /** Labels that rows may have, by axis; rows without the axis don't match. */
  labels: ReadonlyMap<string, ReadonlySet<string>>;
  states: ReadonlySet<RunState>;
  /** Words that are all in labels, note or id; lower case. */
  words: readonly string[];
}

/** The parameters of a request: `is.model=resnet18&is.model=vit&state=failed&q=words`. */
export function filterOf(queries: Readonly<Record<string, readonly string[]>>): Filter {
  const labels = new Map<string, ReadonlySet<string>>();
  for (const [key, values] of Object.entries(queries))
    if (key.startsWith('is.')) labels.set(key.slice('is.'.length), new Set(values));
  return {
    labels,
    states: new Set(queries.state as RunState[] | undefined),
    words: (queries.q?.[0] ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter(word => word !== ''),
  };
}

export function matching(rows: readonly LeaderboardRow[], filter: Filter): readonly LeaderboardRow[] {
  const { labels, states, words } = filter;
  if (labels.size === 0 && states.size === 0 && words.length === 0) return rows;
  const axes = [...labels];
  return rows.filter(
    row =>
      axes.every(([axis, allowed]) => allowed.has(row.labels[axis] ?? '')) &&
      (states.size === 0 || states.has(row.state)) &&
      (words.length === 0 || hasWords(row, words)),
  );
}

function hasWords(row: LeaderboardRow, words: readonly string[]): boolean {
  const text = `${Object.values(row.labels).join(' ')} ${row.note ?? ''} ${row.restsOn}`.toLowerCase();
  return words.every(word => text.includes(word) || row.cells.some(cell => cell.startsWith(word)));
}
