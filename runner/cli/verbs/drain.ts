import { type AddCommand, optionsOf } from '../context.js';
import { steerGrid } from '../steer-grid.js';

export const addDrain: AddCommand = (program, context) => {
  program
    .command('drain [slot]')
    .summary('take a slot out of use, or end the run')
    .description(
      'Gives no more cells to a slot of a running grid; what runs on it goes on to its end. Without a slot: no more cells at all, and the running ones end after their epoch, as with Ctrl-C.',
    )
    .option('--grid <name>', 'which grid; default: the one that is running')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  grid drain\n  grid drain local/cpu1')
    .action(async (slotId: string | undefined, _, command) => {
      const options = optionsOf<{ grid?: string; json?: boolean }>(command);
      await steerGrid({ verb: 'drain', cells: [], slotId, grid: options.grid }, options, context);
    });
};
