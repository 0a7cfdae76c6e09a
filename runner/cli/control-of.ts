import { steer } from '../scheduler/steer.js';
import type { Control } from '../web/server/routes/control.js';
import { withWriter } from './with-store.js';

/** What page and bot may do: the verbs of the command line. */
export const controlOf = (results: string): Control => ({
  steer: wish => withWriter({ results }, store => steer(store, wish)),
  note: (cell, text) =>
    withWriter({ results }, store => {
      const { cellId } = store.findCell(cell);
      store.addNote(cellId, text);
      return [{ subject: cellId, outcome: 'done', answer: text === '' ? 'note taken away' : 'noted' }];
    }),
});
