/** No cell twice. */
import type { Cell } from '../../domain/cell.js';
import type { Grid } from '../../domain/grid.js';
import type { NodePath } from '../../domain/problem.js';
import type { Reporter } from '../yaml/reporter.js';

/** Pairs that are told one by one; a slip in one axis makes thousands. */
const shown = 5;

/** Reports cells that are equal in every setting, by the labels of both. */
export function reportDuplicates(grid: Grid, cells: readonly Cell[], report: Reporter): void {
  if (report.incomplete) return;
  const first = new Map<string, Cell>();
  let duplicates = 0;
  for (const cell of cells) {
    const twin = first.get(cell.cellId);
    if (twin === undefined) first.set(cell.cellId, cell);
    else if (++duplicates <= shown)
      report.add(
        nodeOfDifference(grid, twin, cell),
        `the cells (${describeLabels(twin)}) and (${describeLabels(cell)}) are equal in every setting; each may be there once`,
      );
  }
  if (duplicates > shown) report.add(['axes'], `${duplicates - shown} more cells are equal to others`);
}

/** `model=resnet18, seed=1`. */
function describeLabels({ labels }: Cell): string {
  return Object.entries(labels)
    .map(([axis, label]) => `${axis}=${label}`)
    .join(', ');
}

/** The included cell, or the value of the first axis that tells the two apart. */
function nodeOfDifference(grid: Grid, twin: Cell, { include, labels }: Cell): NodePath {
  if (include !== undefined) return grid.include[include]!.at;
  const axes = grid.dimensions.flatMap(dimension => dimension.axes);
  const axis = axes.find(({ path }) => labels[path] !== twin.labels[path]);
  return axis?.values.find(({ label }) => label === labels[axis.path])?.at ?? axis?.at ?? ['axes'];
}
