import type { Objective } from '../../domain/metric.js';
import type { Labels } from '../../domain/stored.js';
import { plain, shortId } from '../../text/names.js';
import { formatNumber } from '../../text/numbers.js';

/** `+2.1 points` of an accuracy, else a number with its sign. */
export function difference(value: number, { metric }: Objective): string {
  const isAccuracy = metric.endsWith('Accuracy');
  const shown = formatNumber(Number((isAccuracy ? 100 * value : value).toPrecision(2)));
  return `${value > 0 ? '+' : ''}${shown}${isAccuracy ? (Math.abs(Number(shown)) === 1 ? ' point' : ' points') : ''}`;
}

/** `[0.9, 3.3]`, in the unit of `difference`. */
export function intervalWords([low, high]: readonly [number, number], { metric }: Objective): string {
  const factor = metric.endsWith('Accuracy') ? 100 : 1;
  const end = (value: number) => formatNumber(Number((factor * value).toPrecision(2)));
  return `[${end(low)}, ${end(high)}]`;
}

/** The labels of a family on one line; the start of a cell's id where it has none. */
export function familyName({
  labels,
  cells,
}: {
  labels: Labels;
  cells: readonly { cellId: string }[];
}): string {
  const values = Object.values(labels);
  return values.length > 0 ? plain(values.join(' · ')) : shortId(cells[0]!.cellId);
}

export const cellsOf = ({ cells }: { cells: readonly { cellId: string }[] }): string[] =>
  cells.map(({ cellId }) => cellId);
