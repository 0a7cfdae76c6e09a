import { UsageError } from '../../domain/error.js';
import { type AddCommand, optionsOf } from '../context.js';
import { printChunks } from '../output.js';
import { withReader } from '../with-store.js';

export const addExport: AddCommand = (program, context) => {
  program
    .command('export')
    .summary('print all metrics of all epochs')
    .description('Prints a row for each epoch of each cell, with all its metrics.')
    .option('--grid <name>', 'one grid; default: all')
    .option('--csv', 'as CSV')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  grid export --csv > epochs.csv\n  grid export --json --grid resnet-sweep',
    )
    .action(async (_, command) => {
      const options = optionsOf<{ grid?: string; csv?: boolean; json?: boolean }>(command);
      if (options.csv === options.json) throw new UsageError('export needs one of --csv and --json');
      const [{ exportRows }, { describeNoResults }] = await Promise.all([
        import('../../export/export.js'),
        import('../no-results.js'),
      ]);
      const nothing = describeNoResults(options.results);
      if (nothing !== null) context.stderr.write(`${nothing}\n`);
      await withReader(options, store =>
        printChunks(context, exportRows(store, options.csv ? 'csv' : 'json', options.grid)),
      );
    });
};
