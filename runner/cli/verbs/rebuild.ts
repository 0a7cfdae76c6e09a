import { rebuildStore } from '../../store/rebuild-store.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printLine } from '../output.js';

export async function rebuild(options: Options, context: CommandContext): Promise<void> {
  const { cells, epochs, oldStore, problems } = await rebuildStore(options.results, words =>
    context.stderr.write(`${words}\n`),
  );
  printLine(context, `${cells} cells with ${epochs} epochs`);
  if (oldStore !== null) printLine(context, `the old store is ${oldStore}`);
  for (const problem of problems) printLine(context, `left out: ${problem}`);
}
