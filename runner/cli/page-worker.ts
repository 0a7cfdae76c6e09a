/** The page of a `grid run`, in a thread of its own: whoever looks at it never holds up the run. */
import { parentPort, workerData } from 'node:worker_threads';
import { describeError } from './errors.js';
import { openPage, type PageOptions } from './page-server.js';

export type PageMessage = { tokenUrl: string } | { problem: string };

const tell = (message: PageMessage) => parentPort!.postMessage(message);

try {
  const server = await openPage(workerData as PageOptions);
  parentPort!.once('message', () => void server.close());
  tell({ tokenUrl: server.tokenUrl });
} catch (error) {
  tell({ problem: describeError(error, false) });
}
