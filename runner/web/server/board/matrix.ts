import { compareValues, type Objective } from '../../../domain/metric.js';
import { type RunState, tellingFirst } from '../../../domain/run-state.js';
import type { LeaderboardRow } from '../../../leaderboard/row.js';
import { mean } from '../../../statistics/moments.js';
import type { AxisLabels, MatrixAnswer, Square } from '../../wire.js';
import type { Selection } from './board.js';

/** More labels on an axis, or facets, aren't shown. */
const mostLabels = 60;
const mostFacets = 24;

export interface MatrixOptions {
  x: string | undefined;
  y: string | undefined;
  facet: string | undefined;
}

/** Rows by two axes, and a third one's labels beside each other; what they differ in beyond that is folded into one square. */
export function matrixOf(
  { rows, axes }: Selection,
  objective: Objective,
  asked: MatrixOptions,
): Omit<MatrixAnswer, 'at'> {
  const caps: string[] = [];
  const capped = (axis: AxisLabels, most: number): AxisLabels => {
    if (axis.labels.length > most)
      caps.push(`the first ${most} of ${axis.labels.length} labels of ${axis.axis}`);
    return { axis: axis.axis, labels: axis.labels.slice(0, most) };
  };
  const byName = (name: string | undefined) => axes.find(({ axis }) => axis === name);
  const several = axes.filter(({ labels }) => labels.length > 1);
  const x = capped(byName(asked.x) ?? several[0] ?? axes[0] ?? none, mostLabels);
  const y = capped(byName(asked.y) ?? several.find(({ axis }) => axis !== x.axis) ?? none, mostLabels);
  const facetAxis = byName(asked.facet);
  const facet = facetAxis === undefined ? undefined : capped(facetAxis, mostFacets);
  const facets = (facet?.labels ?? [null]).map(label => ({
    label,
    squares: squaresOf(
      facet === undefined ? rows : rows.filter(row => row.labels[facet.axis] === label),
      x,
      y,
      objective,
    ),
  }));
  const values = facets.flatMap(({ squares }) => squares.flatMap(({ value }) => value ?? []));
  return { objective, x, y, facet: facet?.axis ?? null, facets, range: rangeOf(values), caps };
}

const none: AxisLabels = { axis: '', labels: [''] };

function squaresOf(
  rows: readonly LeaderboardRow[],
  x: AxisLabels,
  y: AxisLabels,
  objective: Objective,
): Square[] {
  const places = ({ axis, labels }: AxisLabels) => {
    const known = new Map(labels.map((label, place) => [label, place]));
    return (row: LeaderboardRow) => (axis === '' ? 0 : known.get(row.labels[axis] ?? ''));
  };
  const [placeX, placeY] = [places(x), places(y)];
  const groups = new Map<number, { x: number; y: number; rows: LeaderboardRow[] }>();
  for (const row of rows) {
    const [column, line] = [placeX(row), placeY(row)];
    if (column === undefined || line === undefined) continue;
    const key = line * x.labels.length + column;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { x: column, y: line, rows: [row] });
    else group.rows.push(row);
  }
  return Array.from(groups.values(), group => ({ x: group.x, y: group.y, ...folded(group.rows, objective) }));
}

/** One loop: a square may have thousands of rows, and a matrix thousands of squares. */
function folded(rows: readonly LeaderboardRow[], { direction }: Objective): Omit<Square, 'x' | 'y'> {
  const [first] = rows as [LeaderboardRow];
  const values: number[] = [];
  const states = new Set<RunState>();
  let best = first;
  let seeds = 0;
  let failed = 0;
  for (const row of rows) {
    if (row.value !== null) values.push(row.value);
    states.add(row.state);
    seeds += row.seeds;
    failed += row.seedsFailed;
    if (compareValues(row.value, best.value, direction) < 0) best = row;
  }
  return {
    // Of one row what the leaderboard says, digit for digit.
    value: rows.length === 1 ? first.value : values.length === 0 ? null : mean(values),
    std: rows.length === 1 ? first.std : null,
    spread: rangeOf(values),
    rows: rows.length,
    seeds,
    state: tellingFirst.find(state => states.has(state))!,
    failed,
    cell: best.cells[0]!,
  };
}

/** Without spreading: there may be more values than a call takes. */
export function rangeOf(values: readonly number[]): [number, number] | null {
  if (values.length === 0) return null;
  let [least, most] = [values[0]!, values[0]!];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
