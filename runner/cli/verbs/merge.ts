import { mergeResults } from '../../store/merge/merge-results.js';
import { mergeLines } from '../../terminal/merge-lines.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine } from '../output.js';

export async function merge(
  others: string[],
  options: Options<'prefer' | 'json'>,
  context: CommandContext,
): Promise<void> {
  const { results, prefer, json } = options;
  const onWait = (words: string) => void context.stderr.write(`${words}\n`);
  const reports = await mergeResults(results, others, { prefer, onWait });
  if (json) printJson(context, reports);
  else for (const report of reports) for (const line of mergeLines(report)) printLine(context, line);
  const isOpen = reports.some(
    ({ conflicts, problems }) => problems.length > 0 || conflicts.some(({ isOpen }) => isOpen),
  );
  if (isOpen) context.exitWith(1);
}
