import { compareValues, type Objective } from '../../../domain/metric.js';
import type { AxisEffect } from '../../../leaderboard/effects.js';
import type { LeaderboardRow } from '../../../leaderboard/row.js';
import type { Strip, StripsAnswer } from '../../wire.js';
import type { Selection } from './board.js';
import { rangeOf } from './matrix.js';

const mostLabels = 24;
/** Values that fall on the same of so many places of a strip are one dot. */
const places = 120;

/** For each axis its labels' rows as dots, and what the label does on average: that of all cells, whatever is filtered. */
export function stripsOf(
  { rows, axes: all }: Selection,
  found: readonly AxisEffect[],
  objective: Objective,
): Omit<StripsAnswer, 'at'> {
  const range = rangeOf(rows.flatMap(({ value }) => value ?? []));
  const effects = new Map(found.map(({ axis, labels }) => [axis, labels]));
  const caps: string[] = [];
  const axes = all
    .filter(({ labels }) => labels.length > 1)
    .map(({ axis, labels }) => {
      if (labels.length > mostLabels)
        caps.push(`the first ${mostLabels} of ${labels.length} labels of ${axis}`);
      const byLabel = grouped(rows, axis);
      const strips = labels.slice(0, mostLabels).map((label): Strip => {
        const effect = effects.get(axis)?.find(each => each.label === label);
        return {
          label,
          mean: effect?.mean ?? null,
          std: effect?.std ?? null,
          n: effect?.n ?? 0,
          failed: effect?.failed ?? 0,
          dots: dotsOf(byLabel.get(label) ?? [], range),
        };
      });
      return { axis, strips };
    });
  return { objective, axes, range, caps };
}

function grouped(rows: readonly LeaderboardRow[], axis: string): Map<string, LeaderboardRow[]> {
  const groups = new Map<string, LeaderboardRow[]>();
  for (const row of rows) {
    const label = row.labels[axis];
    if (label === undefined) continue;
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [row]);
    else group.push(row);
  }
  return groups;
}

function dotsOf(rows: readonly LeaderboardRow[], range: readonly [number, number] | null): Strip['dots'] {
  if (range === null) return [];
  const [least, most] = range;
  const dots = new Map<number, { value: number; rows: number; cell: string }>();
  for (const { value, cells } of rows) {
    if (value === null) continue;
    const place = most === least ? 0 : Math.round(((value - least) / (most - least)) * places);
    const dot = dots.get(place);
    if (dot === undefined) dots.set(place, { value, rows: 1, cell: cells[0]! });
    else dot.rows++;
  }
  return [...dots.values()].sort((a, b) => compareValues(a.value, b.value, 'minimize'));
}
