import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export interface SideThread {
  worker: Worker;
  /** Asks it to end, and waits for that; one that has broken down already needs no wait. */
  close(): Promise<void>;
}

/**
 * A thread beside a run, which it neither holds up nor takes along when it breaks down. It ends after the message `end`.
 *
 * @param onError told if it breaks down
 */
export function sideThread(file: URL, workerData: unknown, onError: (error: Error) => void): SideThread {
  const worker = new Worker(file, { workerData });
  let isThere = true;
  worker.on('error', onError);
  worker.on('exit', () => {
    isThere = false;
  });
  worker.unref();
  return {
    worker,
    async close() {
      if (!isThere) return;
      worker.ref();
      const ended = once(worker, 'exit').catch(() => {});
      worker.postMessage('end');
      await ended;
    },
  };
}
