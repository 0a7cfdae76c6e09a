/** Configurations (cells that differ only in their seed), and what each has come to at a rung. */
import type { Objective } from '../domain/metric.js';
import type { LabelMatch, Stopping } from '../domain/stopping.js';
import { type CellRows, noRows, type StoppableCell } from './cells.js';
import { rungsOf, valueAt } from './rungs.js';

export interface Family {
  /** In the grid's order. */
  cells: readonly StoppableCell[];
  /** By which it is judged. */
  judged: readonly StoppableCell[];
  isNeverStopped: boolean;
}

/**
 * What a configuration has come to at a rung. `worst`: one of its seeds is NaN or has failed for good; `isNaN`: it's not worth going on;
 * `mayBeNaN`: another seed, which hasn't come there yet, may still show that.
 * Values are the larger the better, whatever the objective.
 */
export type Standing =
  | { at: 'unknown' }
  | { at: 'worst'; isNaN: boolean; mayBeNaN: boolean }
  | { at: 'value'; value: number; seeds: readonly number[]; images: number | null; isChance: boolean };

export interface Field {
  stopping: Stopping;
  objective: Objective;
  rungs: ReturnType<typeof rungsOf>;
  rowsOf(cell: StoppableCell): CellRows;
}

export const fieldOf = (
  stopping: Stopping,
  objective: Objective,
  cells: readonly StoppableCell[],
  rows: ReadonlyMap<string, CellRows>,
): Field => ({
  stopping,
  objective,
  rungs: rungsOf(stopping, cells),
  rowsOf: ({ cellId }) => rows.get(cellId) ?? noRows,
});

/** Those that are compared with each other, in the grid's order. */
export function groupsOf(
  cells: readonly StoppableCell[],
  { stopping: { within, seeds, never }, rowsOf }: Field,
): Family[][] {
  const families = grouped(cells, ({ family }) => family);
  const groups = grouped(families, ([first]) =>
    JSON.stringify(within.map(axis => first!.labels[axis] ?? null)),
  );
  return groups.map(group =>
    group.map(members => {
      // What the user has taken out doesn't stand for the others.
      const first = members.find(cell => !rowsOf(cell).isOut) ?? members[0]!;
      return {
        cells: members,
        judged: seeds === 'first' ? [first] : members,
        isNeverStopped: members.some(({ labels }) => never.some(match => meets(labels, match))),
      };
    }),
  );
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

const meets = (labels: StoppableCell['labels'], match: LabelMatch): boolean =>
  Object.entries(match).every(([axis, allowed]) => axis in labels && allowed.includes(labels[axis]!));

/** Undefined: the user has taken all of it out before it came so far. */
export function standingAt({ judged }: Family, rung: number, field: Field): Standing | undefined {
  const { stopping, objective, rungs, rowsOf } = field;
  const sign = objective.direction === 'maximize' ? 1 : -1;
  let open = 0;
  let chances = 0;
  let isWorst = false;
  let hasNaN = false;
  const seeds: number[] = [];
  let images: number | null = 0;
  for (const cell of judged) {
    const rows = rowsOf(cell);
    const epoch = rungs.epochsOf(cell)[rung]!;
    if (rows.epochs < epoch) {
      if (rows.hasFailed) isWorst = true;
      else if (!rows.isOut) open++;
      continue;
    }
    const value = valueAt(rows, epoch, stopping.value, objective);
    if (value === null) {
      isWorst = true;
      hasNaN ||= rows.values.some(([at, told]) => at <= epoch && told === null);
      continue;
    }
    seeds.push(sign * value);
    images = images === null || cell.images === null ? null : images + cell.images;
    if (isAtChance(value, cell, sign)) chances++;
  }
  if (isWorst) return { at: 'worst', isNaN: hasNaN, mayBeNaN: !hasNaN && open > 0 };
  if (open > 0) return { at: 'unknown' };
  if (seeds.length === 0) return undefined;
  const value = seeds.reduce((sum, one) => sum + one, 0) / seeds.length;
  return { at: 'value', value, seeds, images, isChance: chances === seeds.length };
}

/** One-sided 5% point of the normal distribution. */
const quantile = 1.645;

/** Not surely better than chance. */
function isAtChance(value: number, { chance, images }: StoppableCell, sign: 1 | -1): boolean {
  if (chance === null) return false;
  const error = images === null ? 0 : Math.sqrt((chance * (1 - chance)) / images);
  return sign * value <= sign * chance + quantile * error;
}
