/** Who tells people of a `grid run`. */
import { parentPort, workerData } from 'node:worker_threads';
import { Notifier } from '../notify/notifier.js';
import { senderOf } from '../notify/senders.js';
import { openStore } from '../store/open-store.js';
import type { NotifyOptions } from './notify-thread.js';

/** The end of a run waits so long at most until it is told. */
const patienceMs = 10_000;

const { results, grid, targets } = workerData as NotifyOptions;
const store = await openStore(results);
const notifier = new Notifier({
  ...{ store, results, grid, senders: targets.map(senderOf) },
  say: words => parentPort!.postMessage(words),
});
parentPort!.once('message', async () => {
  await notifier.close(patienceMs);
  store.close();
});
