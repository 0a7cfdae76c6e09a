import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { UsageError } from '../domain/error.js';
import type { PageMessage } from './page-worker.js';

/** The page of a run; `close` ends it. @throws UsageError with words for the user */
export async function openPageThread(options: { results: string; listen: string | undefined }) {
  const worker = new Worker(new URL('./page-worker.js', import.meta.url), { workerData: options });
  const [message] = (await once(worker, 'message')) as [PageMessage];
  if ('problem' in message) throw new UsageError(message.problem);
  // A page that breaks down takes no run with it.
  worker.on('error', () => {});
  worker.unref();
  return {
    tokenUrl: message.tokenUrl,
    async close(): Promise<void> {
      worker.ref();
      const ended = once(worker, 'exit');
      worker.postMessage('end');
      await ended;
    },
  };
}
