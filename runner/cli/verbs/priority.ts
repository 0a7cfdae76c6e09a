import { type AddCommand, optionsOf } from '../context.js';
import { wholeNumber } from '../parse-option.js';
import { steerGrid } from '../steer-grid.js';

export const addPriority: AddCommand = (program, context) => {
  program
    .command('priority <cell>')
    .argument('<n>', 'a whole number', wholeNumber)
    .summary('run a cell before others')
    .description(
      'Gives a cell a priority: higher is run first, 0 is usual, below 0 is later. Works on a running grid, and stays.',
    )
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  grid priority 3fa1 10')
    .action(async (cell: string, value: number, _, command) => {
      const options = optionsOf<{ grid?: string; json?: boolean }>(command);
      await steerGrid({ verb: 'priority', cells: [cell], value }, options, context);
    });
};
