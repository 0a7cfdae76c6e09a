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

export const isEmpty = ({ labels, states, words }: Filter): boolean =>
  labels.size === 0 && states.size === 0 && words.length === 0;

/** What words are looked for in; lower case. */
export interface RowText {
  /** Labels, note, and what the row rests on. */
  text: string;
  /** Ids of its cells, a space before each: a word is the beginning of one. */
  cells: string;
}

export const textOf = ({ labels, note, restsOn, cells }: LeaderboardRow): RowText => ({
  text: `${Object.values(labels).join(' ')} ${note ?? ''} ${restsOn}`.toLowerCase(),
  cells: ` ${cells.join(' ')}`,
});

/** `texts`: of each row; needed where the filter has words. */
export function matching(
  rows: readonly LeaderboardRow[],
  { labels, states, words }: Filter,
  texts: readonly RowText[],
): readonly LeaderboardRow[] {
  const axes = [...labels];
  const hasWord = ({ text, cells }: RowText) =>
    words.every(word => text.includes(word) || cells.includes(` ${word}`));
  return rows.filter(
    (row, place) =>
      axes.every(([axis, allowed]) => allowed.has(row.labels[axis] ?? '')) &&
      (states.size === 0 || states.has(row.state)) &&
      (words.length === 0 || hasWord(texts[place]!)),
  );
}
