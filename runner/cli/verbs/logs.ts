import { stateTable } from '../../domain/run-state.js';
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
  await withReader(options, async store => {
    const { cellId } = store.findCell(cell);
    const { log } = new ResultsPaths(options.results).cell(cellId);
    context.endWithReader();
    if (options.json) return printJson(context, { cell: cellId, file: log, lines: readLines(log) });
    const stateNow = () => store.findCell(cellId).state;
    await followFile(log, context.stdout, options.follow ? () => stateTable[stateNow()].over : 'now');
    // Beside the log, which a pipe may take.
    if (options.follow) context.stderr.write(`${cellId}: ${stateTable[stateNow()].shownAs}\n`);
  });
}
