import { ResultsPaths } from '../../store/run-paths.js';
import { followFile, readLines } from '../../terminal/log-file.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson } from '../output.js';
import { withReader } from '../with-store.js';

export async function printLogs(
  cell: string,
  options: Options<'follow' | 'json'>,
  context: CommandContext,
): Promise<void> {
  const cellId = await withReader(options, store => store.findCell(cell).cellId);
  const { log } = new ResultsPaths(options.results).cell(cellId);
  context.endWithReader();
  if (options.json) printJson(context, { cell: cellId, file: log, lines: readLines(log) });
  else await followFile(log, context.stdout, options.follow ?? false);
}
