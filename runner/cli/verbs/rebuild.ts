import { type AddCommand, optionsOf } from '../context.js';
import { printLine } from '../output.js';

export const addRebuild: AddCommand = (program, context) => {
  program
    .command('rebuild')
    .summary('make a new store from the cells’ folders')
    .description(
      'Makes a new store from the folders of grids and cells when the old one is damaged; the old one is moved aside. Of cells that were last run before they had a record, notes, failures and earlier runs are lost.',
    )
    .addHelpText('after', '\nExamples:\n  grid rebuild\n  grid rebuild --results /mnt/results')
    .action(async (_, command) => {
      const { rebuildStore } = await import('../../store/rebuild-store.js');
      const { cells, epochs, oldStore, problems } = await rebuildStore(optionsOf(command).results, words =>
        context.stderr.write(`${words}\n`),
      );
      printLine(context, `${cells} cells with ${epochs} epochs`);
      if (oldStore !== null) printLine(context, `the old store is ${oldStore}`);
      for (const problem of problems) printLine(context, `left out: ${problem}`);
    });
};
