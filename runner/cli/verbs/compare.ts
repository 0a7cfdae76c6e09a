import { readCompared } from '../../conclusions/compare/compare.js';
import { readEvaluation } from '../../store/cell-folder.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { compareLines } from '../../terminal/compare-lines.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine, widthOf } from '../output.js';
import { withReader } from '../with-store.js';

export async function compareCells(
  cells: string[],
  options: Options<'whichGrid' | 'json'>,
  context: CommandContext,
): Promise<void> {
  const paths = new ResultsPaths(options.results);
  // A damaged file hides no more than its own figures.
  const evaluationOf = (cell: string) => {
    try {
      return readEvaluation(paths.cell(cell));
    } catch (error) {
      context.stderr.write(`${(error as Error).message}\n`);
      return null;
    }
  };
  await withReader(options, store => {
    const page = readCompared(store, cells, options.grid, evaluationOf);
    if (options.json) printJson(context, page);
    else for (const line of compareLines(page, widthOf(context))) printLine(context, line);
  });
}
