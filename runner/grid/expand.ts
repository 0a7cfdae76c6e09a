/** Grid → cells. */
import { randomUUID } from 'node:crypto';
import type { Cell } from '../domain/cell.js';
import type { Grid } from '../domain/grid.js';
import { reportDuplicates } from './axes/duplicates.js';
import { combinations, type Rows } from './axes/product.js';
import { sampleCells } from './axes/sample.js';
import { checkCombinations } from './checks/combination-checks.js';
import { cellIdOf } from './identity/cell-id.js';
import { SpecBuilder } from './settings/spec-builder.js';
import { Reporter } from './yaml/reporter.js';

/**
 * The cells of a grid in a fixed order: the product of the axes as written, the last fastest, without those
 * excluded, thinned to the sample; then those included.
 *
 * @throws GridError with all problems that show only in combination: an empty product or one beyond all
 *   measure, excludes that match nothing, parameters that a component lacks, equal cells
 */
export function expandGrid(grid: Grid): Cell[] {
  const report = new Reporter(grid.source);
  const cells = expandInto(grid, report);
  report.throwIfAny();
  return cells;
}

/** The same for a grid that may have problems already: reports those that show in its cells beside them. */
export function expandInto(grid: Grid, report: Reporter): Cell[] {
  const builder = new SpecBuilder(grid, report);
  const product = combinations(grid, report).map((rows): Cell => {
    const spec = builder.fromRows(rows);
    return { cellId: identify(spec, report), index: 0, labels: labelsOf(grid, rows), spec };
  });
  const included = grid.include.map(({ settings, labels }, include): Cell => {
    const spec = builder.fromSettings(settings);
    return { cellId: identify(spec, report), index: 0, labels, spec, include };
  });
  reportDuplicates(grid, [...product, ...included], report);
  const cells = [...sampleCells(product, grid.sample), ...included];
  checkCombinations(grid, cells, report);
  for (const [index, cell] of cells.entries()) cell.index = index;
  return cells;
}

/** A value that is wrong already may have no canonical form; its cell is never run, and equal to no other. */
function identify(spec: Cell['spec'], report: Reporter): string {
  try {
    return cellIdOf(spec);
  } catch (error) {
    if (report.problems.length === 0) throw error;
    return randomUUID();
  }
}

function labelsOf({ dimensions }: Grid, rows: Rows): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [index, { axes }] of dimensions.entries()) {
    const row = rows[index]!;
    if (row >= 0) for (const { path, values } of axes) labels[path] = values[row]!.label;
  }
  return labels;
}
