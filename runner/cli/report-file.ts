import { reportHtml } from '../report/grid/html.js';
import { readKeptData } from '../report/grid/kept-data.js';
import { readReport } from '../report/grid/read-report.js';
import { gridReport } from '../report/grid/report.js';
import { ResultsPaths } from '../store/run-paths.js';
import type { StoreReader } from '../store/run-store.js';

/** The page of `grid report` as a file to send, with what `grid data` has found if it has looked; null: no cell has a value. */
export function reportFile(
  store: StoreReader,
  results: string,
  grid: string,
): { name: string; content: Uint8Array } | null {
  if (store.bestCell(grid) === null) return null;
  const paths = new ResultsPaths(results);
  const data = store.storedCells(grid)[0]?.spec.data.name;
  const kept = data === undefined ? null : readKeptData(paths.dataReport(data));
  const page = reportHtml(gridReport(readReport(store, paths, grid, kept)));
  // A name of a grid may have signs that a file system has a meaning for.
  const name = `${grid.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}.html`;
  return { name, content: Buffer.from(page) };
}
