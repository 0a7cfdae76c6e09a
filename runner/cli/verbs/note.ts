import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printLine } from '../output.js';
import { withWriter } from '../with-store.js';

export async function noteCell(
  cell: string,
  text: string,
  options: Options,
  context: CommandContext,
): Promise<void> {
  await withWriter(options, store => {
    const { cellId } = store.findCell(cell);
    store.addNote(cellId, text);
    printLine(context, `${cellId}: ${text === '' ? 'note taken away' : 'noted'}`);
  });
}
