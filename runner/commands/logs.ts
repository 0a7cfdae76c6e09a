import { type AddCommand, optionsOf } from './context.js';
import { withReader } from './with-store.js';

export const addLogs: AddCommand = (program, context) => {
  program
    .command('logs <cell>')
    .summary('print the log of a cell')
    .description('Prints what the trainer said in all runs of a cell, named by the beginning of its id.')
    .option('-f, --follow', 'go on printing what is added')
    .addHelpText('after', '\nExamples:\n  grid logs 3fa1\n  grid logs 3fa1 --follow')
    .action(async (cell: string, _, command) => {
      const options = optionsOf<{ follow?: boolean }>(command);
      const [{ followFile }, { ResultsPaths }] = await Promise.all([
        import('../terminal/follow-file.js'),
        import('../store/run-paths.js'),
      ]);
      const cellId = await withReader(options, store => store.findCell(cell).cellId);
      const { log } = new ResultsPaths(options.results).cell(cellId);
      await followFile(log, context.stdout, options.follow ?? false);
    });
};
