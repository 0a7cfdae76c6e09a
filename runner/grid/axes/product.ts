/** The product of a grid's dimensions, with conditional dimensions left out where they don't apply. */
import type { Grid, Match } from '../../domain/grid.js';
import type { Reporter } from '../yaml/reporter.js';

/** More than anyone runs; beyond it a grid is a slip of the pen, and would fill the memory. */
const maxCombinations = 1_000_000;

/** Row of each dimension; -1: its `when` isn't met. */
export type Rows = readonly number[];

/**
 * All combinations that no `exclude` takes out, the last dimension fastest.
 *
 * Reports too many combinations (and returns none), excludes that match nothing, and an empty product.
 */
export function combinations(grid: Grid, report: Reporter): Rows[] {
  const kept: Rows[] = [];
  const excludes = grid.exclude.map(({ at, rows }) => ({ at, rows: [...rows], matched: false }));
  const conditions = grid.dimensions.map(({ when }) => (when ? [...when.rows] : []));
  const rows = new Array<number>(grid.dimensions.length).fill(-1);
  let visited = 0;

  const visit = (dimension: number): void => {
    if (visited > maxCombinations) return;
    if (dimension === rows.length) {
      visited++;
      let excluded = false;
      for (const exclude of excludes)
        if (meets(rows, exclude.rows)) {
          exclude.matched = true;
          excluded = true;
        }
      if (!excluded) kept.push(rows.slice());
      return;
    }
    if (!meets(rows, conditions[dimension]!)) {
      rows[dimension] = -1;
      visit(dimension + 1);
      return;
    }
    for (let row = 0; row < grid.dimensions[dimension]!.size; row++) {
      rows[dimension] = row;
      visit(dimension + 1);
    }
  };
  // Dimensions without condition alone may be too many already; there is no need to count that far.
  const atLeast = grid.dimensions.reduce((product, { size, when }) => (when ? product : product * size), 1);
  if (atLeast <= maxCombinations) visit(0);

  if (atLeast > maxCombinations || visited > maxCombinations) {
    report.add(
      ['axes'],
      `${describeSizes(grid)} make more than ${maxCombinations.toLocaleString('en')} combinations, which is the limit`,
    );
    return [];
  }
  if (report.incomplete) return kept;
  for (const { at, matched } of excludes) if (!matched) report.add(at, 'matches no cell');
  if (kept.length === 0 && grid.include.length === 0)
    report.add(['exclude'], `every one of the ${visited} combinations is excluded, so the product is empty`);
  return kept;
}

type Condition = readonly (readonly [
  dimension: number,
  rows: Match['rows'] extends ReadonlyMap<number, infer Set> ? Set : never,
])[];

function meets(rows: Rows, condition: Condition): boolean {
  for (const [dimension, allowed] of condition) if (!allowed.has(rows[dimension]!)) return false;
  return true;
}

function describeSizes({ dimensions }: Grid): string {
  return dimensions
    .map(({ axes, size }) => `${axes.map(({ path }) => path).join(' + ')} (${size})`)
    .join(' × ');
}
