import type { LoadOptions } from '../grid/load.js';
import type { GlobalOptions } from './context.js';

/** Where a grid file finds its data, and the weights of cells. */
export async function gridSources({ data, results }: GlobalOptions): Promise<LoadOptions> {
  const [{ weightsOfCells }, { ResultsPaths }] = await Promise.all([
    import('../store/cell-folder.js'),
    import('../store/run-paths.js'),
  ]);
  const paths = new ResultsPaths(results);
  return { dataRoot: data, cellWeights: prefix => weightsOfCells(paths, prefix) };
}
