import { readCell } from '../../readings/cell.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { detailLines } from '../../terminal/cell-details.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine, widthOf } from '../output.js';
import { withReader } from '../with-store.js';

export async function showCell(
  cell: string,
  options: Options<'json'>,
  context: CommandContext,
): Promise<void> {
  await withReader(options, store => {
    const details = readCell(store, new ResultsPaths(options.results), cell);
    if (options.json) printJson(context, details);
    else for (const line of detailLines(details, widthOf(context))) printLine(context, line);
  });
}
