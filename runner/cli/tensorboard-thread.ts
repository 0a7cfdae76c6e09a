import { sideThread } from './side-thread.js';

export interface TensorboardOptions {
  results: string;
  grid: string;
  folder: string;
}

/** Writes TensorBoard's files beside a run; `close` writes the rest. */
export function openTensorboardThread(options: TensorboardOptions, say: (words: string) => void) {
  const thread = sideThread(new URL('./tensorboard-worker.js', import.meta.url), options, error =>
    say(`TensorBoard’s files of the run aren’t written any more: ${error.message}`),
  );
  thread.worker.on('message', (words: string) => say(words));
  return thread;
}
