import { type AddCommand, type CommandContext, type GlobalOptions, optionsOf } from '../context.js';
import { widthOf } from '../output.js';
import { withReader } from '../with-store.js';

interface StatusOptions {
  grid?: string;
  json?: boolean;
  watch?: boolean;
}

/** Columns of a watched status that goes into a pipe or a file. */
const pipedWidth = 120;

export const addStatus: AddCommand = (program, context) => {
  program
    .command('status')
    .summary('how far the grids are')
    .description(
      'Says for each grid how many cells are in which state, what runs where, and what failed why.',
    )
    .option('--grid <name>', 'one grid; default: all')
    .option('--json', 'as JSON')
    .option('--watch', 'print it anew whenever it changes, with the slots of running grids')
    .addHelpText(
      'after',
      '\nExamples:\n  grid status\n  grid status --grid resnet-sweep --json\n  grid status --watch',
    )
    .action(async (_, command) => {
      const options = optionsOf<StatusOptions>(command);
      if (!options.watch) {
        context.stdout.write(await render(options, context));
        return;
      }
      context.endWithReader();
      const { watchChanges } = await import('../../terminal/watch.js');
      await watchChanges(() => render(options, context), context.stdout);
    });
};

async function render(options: StatusOptions & GlobalOptions, context: CommandContext): Promise<string> {
  const [{ readStatus }, { statusLines }, { describeNoResults }] = await Promise.all([
    import('../../readings/status.js'),
    import('../../terminal/status.js'),
    import('../no-results.js'),
  ]);
  const nothing = describeNoResults(options.results);
  const statuses = await withReader(options, store => readStatus(store, options.grid));
  if (options.json) {
    if (nothing !== null) context.stderr.write(`${nothing}\n`);
    return `${JSON.stringify({ grids: statuses })}\n`;
  }
  if (nothing !== null) return `${nothing}\n`;
  const liveWidth = options.watch ? (widthOf(context) ?? pipedWidth) : undefined;
  return statusLines(statuses, liveWidth)
    .map(line => `${line}\n`)
    .join('');
}
