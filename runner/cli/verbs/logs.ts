import { Option } from 'commander';
import { type AddCommand, optionsOf } from '../context.js';
import { printJson } from '../output.js';
import { withReader } from '../with-store.js';

export const addLogs: AddCommand = (program, context) => {
  program
    .command('logs <cell>')
    .summary('print the log of a cell')
    .description(
      'Prints what trainer and runner said in all runs of a cell, named by the beginning of its id.',
    )
    .option('-f, --follow', 'go on printing what is added')
    .addOption(new Option('--json', 'cell, file and lines as JSON').conflicts('follow'))
    .addHelpText('after', '\nExamples:\n  grid logs 3fa1\n  grid logs 3fa1 --follow')
    .action(async (cell: string, _, command) => {
      const options = optionsOf<{ follow?: boolean; json?: boolean }>(command);
      const [{ followFile, readLines }, { ResultsPaths }] = await Promise.all([
        import('../../terminal/log-file.js'),
        import('../../store/run-paths.js'),
      ]);
      const cellId = await withReader(options, store => store.findCell(cell).cellId);
      const { log } = new ResultsPaths(options.results).cell(cellId);
      context.endWithReader();
      if (options.json) printJson(context, { cell: cellId, file: log, lines: readLines(log) });
      else await followFile(log, context.stdout, options.follow ?? false);
    });
};
