import { type AddCommand, optionsOf } from '../context.js';
import { printJson, printLine } from '../output.js';
import { withReader } from '../with-store.js';

export const addStatus: AddCommand = (program, context) => {
  program
    .command('status')
    .summary('how far the grids are')
    .description(
      'Says for each grid how many cells are in which state, what runs where, and what failed why.',
    )
    .option('--grid <name>', 'one grid; default: all')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  grid status\n  grid status --grid resnet-sweep --json')
    .action(async (_, command) => {
      const options = optionsOf<{ grid?: string; json?: boolean }>(command);
      const [{ readStatus }, { statusLines }, { describeNoResults }] = await Promise.all([
        import('../../readings/status.js'),
        import('../../terminal/status.js'),
        import('../no-results.js'),
      ]);
      const nothing = describeNoResults(options.results);
      await withReader(options, store => {
        const statuses = readStatus(store, options.grid);
        if (options.json) printJson(context, { grids: statuses });
        if (nothing !== null) (options.json ? context.stderr : context.stdout).write(`${nothing}\n`);
        else if (!options.json) for (const line of statusLines(statuses)) printLine(context, line);
      });
    });
};
