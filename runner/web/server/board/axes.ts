import { seedAxis } from '../../../leaderboard/gather.js';
import type { LeaderboardRow } from '../../../leaderboard/row.js';
import { isNumeric } from '../../../text/names.js';
import type { AxisLabels } from '../../wire.js';

/** Axes of the rows with their labels. Labels that are all numbers come by size, others as they come. */
export function axesOf(rows: readonly LeaderboardRow[]): AxisLabels[] {
  const axes = new Map<string, Set<string>>();
  for (const { labels } of rows)
    for (const axis in labels) {
      const known = axes.get(axis);
      if (known === undefined) axes.set(axis, new Set([labels[axis]!]));
      else known.add(labels[axis]!);
    }
  axes.delete(seedAxis);
  return [...axes].map(([axis, labels]) => ({ axis, labels: inOrder([...labels]) }));
}

function inOrder(labels: string[]): string[] {
  return labels.every(isNumeric) ? labels.sort((a, b) => Number(a) - Number(b)) : labels.sort(byText.compare);
}

/** `10` after `9`. */
export const byText = new Intl.Collator('en', { numeric: true });
