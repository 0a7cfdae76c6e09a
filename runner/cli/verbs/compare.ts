import { readCompared } from '../../conclusions/compare/compare.js';
import { readEvaluation } from '../../store/cell-folder.js';
import { readPredictions } from '../../store/kept-predictions.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { compareLines } from '../../terminal/compare-lines.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine, widthOf } from '../output.js';
import { tolerant } from '../tolerant.js';
import { withReader } from '../with-store.js';

export async function compareCells(
  cells: string[],
  options: Options<'whichGrid' | 'json'>,
  context: CommandContext,
): Promise<void> {
  const paths = new ResultsPaths(options.results);
  await withReader(options, store => {
    const page = readCompared(store, cells, options.grid, {
      evaluationOf: cell => tolerant(() => readEvaluation(paths.cell(cell)), context),
      predictionsOf: cell => tolerant(() => readPredictions(paths.cell(cell)), context),
    });
    if (options.json) printJson(context, page);
    else for (const line of compareLines(page, widthOf(context))) printLine(context, line);
  });
}
