import { senderOf } from '../../notify/senders.js';
import { Watcher } from '../../notify/watcher.js';
import { timeOfDay } from '../../text/times.js';
import type { CommandContext } from '../context.js';
import { targetsOf } from '../notify-thread.js';
import type { Options } from '../options.js';
import { printLine } from '../output.js';
import { withWriter } from '../with-store.js';

/** What is left to be told at the end is waited for so long. */
const patienceMs = 10_000;

export async function watchGrids(
  grids: string[],
  options: Options<'notifySlots' | 'telegram'>,
  context: CommandContext,
): Promise<void> {
  const targets = await targetsOf(options, context);
  await withWriter(options, async store => {
    // A name that isn't there is told of now.
    for (const grid of grids) store.grid(grid);
    const watcher = new Watcher({
      ...{ store, results: options.results, grids, senders: () => targets.map(senderOf) },
      say: words => printLine(context, `${timeOfDay()} ${words}`),
    });
    const places =
      targets.length === 0 ? 'this terminal alone' : targets.map(target => senderOf(target).name).join(', ');
    printLine(
      context,
      `watching ${grids.length === 0 ? 'all grids' : grids.join(', ')}; a runner that is gone is told to ${places}`,
    );
    await new Promise<void>(resolve => {
      context.onSignal(resolve);
    });
    await watcher.close(patienceMs);
  });
}
