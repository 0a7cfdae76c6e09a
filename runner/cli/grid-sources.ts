import type { LoadOptions } from '../grid/load.js';
import { weightsOfCells } from '../store/cell-folder.js';
import { ResultsPaths } from '../store/run-paths.js';
import type { GlobalOptions } from './options.js';

/** Where a grid file finds its data, and the weights of cells. */
export async function gridSources({ data, results }: GlobalOptions): Promise<LoadOptions> {
  const paths = new ResultsPaths(results);
  return { dataRoot: data, cellWeights: prefix => weightsOfCells(paths, prefix) };
}
