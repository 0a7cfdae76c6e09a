import type { LoadOptions } from '../grid/load.js';
import { weightsOfCells } from '../store/cell-folder.js';
import type { ResultsPaths } from '../store/run-paths.js';

/** Where a grid file finds its data, and the weights of cells. */
export const gridSources = (paths: ResultsPaths, dataRoot: string | undefined): LoadOptions => ({
  dataRoot,
  cellWeights: prefix => weightsOfCells(paths, prefix),
});
