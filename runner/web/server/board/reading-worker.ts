import { parentPort } from 'node:worker_threads';
import { openStore } from '../../../store/open-store.js';
import { readOf } from './read-board.js';
import type { Question, Told } from './reading-thread.js';

/** Rows of one message: taking them apart holds up the other thread for some milliseconds. */
const rowsTogether = 1000;

const tell = (told: Told) => parentPort!.postMessage(told);

/** One at a time, each of the file that is there then. */
let last: Promise<void> = Promise.resolve();
parentPort!.on('message', (message: Question | 'end') => {
  if (message === 'end') parentPort!.close();
  else last = last.then(() => answer(message));
});

async function answer({ number, results, name, grid }: Question): Promise<void> {
  try {
    const store = await openStore(results, { readOnly: true });
    try {
      const begin = performance.now();
      const { rows, ...rest } = readOf(store, name, grid);
      for (let start = 0; start < rows.length; start += rowsTogether)
        tell({ number, rows: rows.slice(start, start + rowsTogether) });
      tell({ number, rest, tookMs: performance.now() - begin });
    } finally {
      store.close();
    }
  } catch (error) {
    tell({ number, failed: (error as Error).message });
  }
}
