import { readCell } from '../../readings/cell.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { detailLines } from '../../terminal/cell-details.js';
import { curveLines } from '../../terminal/curve-lines.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine, widthOf } from '../output.js';
import { withReader } from '../with-store.js';

/** Columns of curves that go into a pipe or a file. */
const pipedWidth = 100;

export async function showCell(
  cell: string,
  options: Options<'json' | 'plot'>,
  context: CommandContext,
): Promise<void> {
  await withReader(options, store => {
    const details = readCell(store, new ResultsPaths(options.results), cell);
    if (options.json) return printJson(context, details);
    const width = widthOf(context);
    const lines = options.plot ? curveLines(details, width ?? pipedWidth) : detailLines(details, width);
    for (const line of lines) printLine(context, line);
  });
}
