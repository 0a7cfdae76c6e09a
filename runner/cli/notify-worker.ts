/** Who tells people of a `grid run`. */
import { dirname, join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { Notifier } from '../notify/notifier.js';
import { senderOf } from '../notify/senders.js';
import { AskedComment } from '../notify/telegram/asked-comment.js';
import { answer } from '../notify/telegram/commands.js';
import { botsOf, Poller } from '../notify/telegram/poller.js';
import { telegramFile } from '../notify/telegram/settings.js';
import { openStore } from '../store/open-store.js';
import { controlOf } from './control-of.js';
import type { NotifyMessage, NotifyOptions } from './notify-thread.js';
import { reportFile } from './report-file.js';

/** The end of a run waits so long at most until it is told. */
const patienceMs = 10_000;

const { results, grid, targets } = workerData as NotifyOptions;
const store = await openStore(results);
const say = (words: string) => parentPort!.postMessage(words);
const report = () => reportFile(store, results, grid);
const notifier = new Notifier({ store, results, grid, senders: targets.map(senderOf), report, say });
const note = (cells: readonly string[], text: string) => {
  for (const cellId of cells) store.addNote(cellId, text);
};
const question = new AskedComment(grid, targets, note);
const bots = botsOf(targets).map(
  bot =>
    new Poller({
      ...{ bot, say, lockFile: join(dirname(telegramFile(process.env)), `bot-${bot.id}.lock`) },
      answer: (text, maySteer) =>
        answer(text, { store, results, grid, control: controlOf(results), maySteer }),
      replied: (to, text) => question.replied(to, text),
    }),
);
parentPort!.on('message', async (message: NotifyMessage) => {
  if (message !== 'end') return question.ask(message.ask);
  parentPort!.close();
  question.close();
  await Promise.all([notifier.close(patienceMs), ...bots.map(bot => bot.close())]);
  store.close();
});
