import { once } from 'node:events';
import { UsageError } from '../domain/error.js';
import type { PageMessage } from './page-worker.js';
import { sideThread } from './side-thread.js';

/** The page of a run; `close` ends it. @throws UsageError with words for the user */
export async function openPageThread(
  options: { results: string; listen: string | undefined },
  say: (words: string) => void,
) {
  const { worker, close } = sideThread(new URL('./page-worker.js', import.meta.url), options, error =>
    say(`the page is not there any more: ${error.message}`),
  );
  // Without a reference the program could end while it waits for this alone.
  worker.ref();
  const [message] = (await once(worker, 'message')) as [PageMessage];
  worker.unref();
  if ('problem' in message) throw new UsageError(message.problem);
  return { tokenUrl: message.tokenUrl, close };
}
