import { type AddCommand, optionsOf } from '../context.js';
import { steerGrid } from '../steer-grid.js';

export const addPause: AddCommand = (program, context) => {
  program
    .command('pause [cells...]')
    .summary('hold cells back, or the whole grid')
    .description(
      'Holds cells back until they are resumed: running ones after their epoch, others at once. Works on a running grid from any terminal, and stays through restarts. Without cells: all that is left of the grid.',
    )
    .option('--grid <name>', 'which grid; default: the one that is running')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  grid pause\n  grid pause 3fa1 77c0')
    .action(async (cells: string[], _, command) => {
      const options = optionsOf<{ grid?: string; json?: boolean }>(command);
      await steerGrid({ verb: 'pause', cells, grid: options.grid }, options, context);
    });
};
