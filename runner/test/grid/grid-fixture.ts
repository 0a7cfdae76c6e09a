/** Short ways from YAML text to cells and problems. */
import type { Cell } from '../../domain/cell.js';
import type { Grid } from '../../domain/grid.js';
import { describeProblem, GridError } from '../../domain/problem.js';
import { expandGrid } from '../../grid/expand.js';
import { parseGrid } from '../../grid/load.js';

export const base = 'model: resnet20\noptimizer: sgd\n';

export const gridOf = (text: string): Grid => parseGrid('/grids/a.yaml', text);

/** Cells of the text, or of the text after `base`. */
export const cellsOf = (text: string): Cell[] => expandGrid(gridOf(text));

/** What is wrong with a grid, one line a problem, without the name of the file. */
export function problemsOf(text: string): string[] {
  try {
    cellsOf(text);
    return [];
  } catch (error) {
    if (!(error instanceof GridError)) throw error;
    return error.problems.map(problem => describeProblem(problem).replace('/grids/a.yaml:', ''));
  }
}

/** `axis=label …` of each cell. */
export const labelsOf = (cells: readonly Cell[]): string[] =>
  cells.map(({ labels }) =>
    Object.entries(labels)
      .map(([axis, label]) => `${axis}=${label}`)
      .join(' '),
  );
