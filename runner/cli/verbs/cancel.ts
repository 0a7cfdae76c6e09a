import { type AddCommand, optionsOf } from '../context.js';
import { steerGrid } from '../steer-grid.js';

export const addCancel: AddCommand = (program, context) => {
  program
    .command('cancel <cells...>')
    .summary('end cells for good')
    .description(
      'Ends cells early: running ones now, with the epochs that they have finished; others are never started. They count as done; `grid retry` takes it back.',
    )
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  grid cancel 3fa1 77c0')
    .action(async (cells: string[], _, command) => {
      const options = optionsOf<{ grid?: string; json?: boolean }>(command);
      await steerGrid({ verb: 'cancel', cells }, options, context);
    });
};
