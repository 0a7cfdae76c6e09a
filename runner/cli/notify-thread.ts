import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Target } from '../notify/targets.js';

export interface NotifyOptions {
  results: string;
  grid: string;
  targets: readonly Target[];
}

/** Tells people of a run from a thread of its own: whatever happens there takes no run with it. Undefined: nobody is to be told. */
export function openNotifyThread(options: NotifyOptions, say: (words: string) => void) {
  if (options.targets.length === 0) return undefined;
  const worker = new Worker(new URL('./notify-worker.js', import.meta.url), { workerData: options });
  let isThere = true;
  worker.on('message', (words: string) => say(words));
  worker.on('error', error => say(`nobody is told of the run any more: ${error.message}`));
  worker.on('exit', () => {
    isThere = false;
  });
  worker.unref();
  return {
    /** Waits a while for the end to be told. */
    async close(): Promise<void> {
      if (!isThere) return;
      worker.ref();
      const ended = once(worker, 'exit').catch(() => {});
      worker.postMessage('end');
      await ended;
    },
  };
}
