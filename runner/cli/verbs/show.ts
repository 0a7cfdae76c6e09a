import { type AddCommand, optionsOf } from '../context.js';
import { printJson, printLine, widthOf } from '../output.js';
import { withReader } from '../with-store.js';

export const addShow: AddCommand = (program, context) => {
  program
    .command('show <cell>')
    .summary('show a cell: settings, runs, epochs, notes')
    .description(
      'Shows a cell, named by the beginning of its id: settings, runs, metrics of every epoch, notes, folder.',
    )
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  grid show 3fa1\n  grid show 3fa1 --json')
    .action(async (cell: string, _, command) => {
      const options = optionsOf<{ json?: boolean }>(command);
      const [{ readCell }, { detailLines }, { ResultsPaths }] = await Promise.all([
        import('../../readings/cell.js'),
        import('../../terminal/cell-details.js'),
        import('../../store/run-paths.js'),
      ]);
      await withReader(options, store => {
        const details = readCell(store, new ResultsPaths(options.results), cell);
        if (options.json) printJson(context, details);
        else for (const line of detailLines(details, widthOf(context))) printLine(context, line);
      });
    });
};
