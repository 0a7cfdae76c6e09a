import type { Target } from '../notify/targets.js';
import { sideThread } from './side-thread.js';

export interface NotifyOptions {
  results: string;
  grid: string;
  targets: readonly Target[];
}

/** Tells people of a run; `close` waits a while for the end to be told. Undefined: nobody is to be told. */
export function openNotifyThread(options: NotifyOptions, say: (words: string) => void) {
  if (options.targets.length === 0) return undefined;
  const thread = sideThread(new URL('./notify-worker.js', import.meta.url), options, error =>
    say(`nobody is told of the run any more: ${error.message}`),
  );
  thread.worker.on('message', (words: string) => say(words));
  return thread;
}
