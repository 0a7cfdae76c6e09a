import type { Cell } from '../domain/cell.js';
import { UsageError } from '../domain/error.js';
import { expandGrid } from '../grid/expand.js';
import { loadGrid } from '../grid/load.js';
import { gridSources } from './grid-sources.js';
import type { GlobalOptions } from './options.js';

/** The cells of a grid file, in its order; its data is looked at no further than whether its files are there. */
export async function cellsOfGrid(file: string, options: GlobalOptions): Promise<Cell[]> {
  return expandGrid(await loadGrid(file, await gridSources(options)));
}

/**
 * The cell that `wanted` means: the beginning of its id, or labels of it separated by commas; without it the first one.
 *
 * @throws UsageError if there is none, or several
 */
export function chooseCell(cells: readonly Cell[], wanted: string | undefined): Cell {
  if (wanted === undefined) return cells[0]!;
  const labels = wanted.split(',').map(label => label.trim());
  const matching = cells.filter(
    cell =>
      cell.cellId.startsWith(wanted) || labels.every(label => Object.values(cell.labels).includes(label)),
  );
  if (matching.length === 1) return matching[0]!;
  const names = (matching.length > 0 ? matching : cells)
    .slice(0, 5)
    .map(({ cellId, labels }) => `${cellId.slice(0, 8)} (${Object.values(labels).join(', ')})`);
  throw new UsageError(
    `--cell ${wanted}: ${matching.length === 0 ? 'no cell is called so' : `${matching.length} cells are called so`}; there are ${names.join(', ')}, …`,
  );
}
