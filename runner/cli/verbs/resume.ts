import { type AddCommand, optionsOf } from '../context.js';
import { steerGrid } from '../steer-grid.js';

export const addResume: AddCommand = (program, context) => {
  program
    .command('resume [cells...]')
    .summary('let paused cells go on')
    .description(
      'Puts paused cells back into the queue, where they go on from their last epoch. Without cells: all of the grid.',
    )
    .option('--grid <name>', 'which grid; default: the one that is running')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  grid resume\n  grid resume 3fa1')
    .action(async (cells: string[], _, command) => {
      const options = optionsOf<{ grid?: string; json?: boolean }>(command);
      await steerGrid({ verb: 'resume', cells, grid: options.grid }, options, context);
    });
};
