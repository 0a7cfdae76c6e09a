import { type AddCommand, optionsOf } from '../context.js';
import { printLine } from '../output.js';
import { withWriter } from '../with-store.js';

export const addNote: AddCommand = (program, context) => {
  program
    .command('note <cell> <text>')
    .summary('keep a comment with a cell')
    .description(
      'Keeps a comment with a cell; the leaderboard shows the last one. An empty text takes it away.',
    )
    .addHelpText('after', '\nExamples:\n  grid note 3fa1 "overfits after epoch 12"\n  grid note 3fa1 ""')
    .action(async (cell: string, text: string, _, command) => {
      await withWriter(optionsOf(command), store => {
        const { cellId } = store.findCell(cell);
        store.addNote(cellId, text);
        printLine(context, `${cellId}: ${text === '' ? 'note taken away' : 'noted'}`);
      });
    });
};
