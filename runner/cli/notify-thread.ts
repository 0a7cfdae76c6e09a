import { notifyTargets, type Target } from '../notify/targets.js';
import { notifyEntries } from '../slots/slots-file.js';
import type { CommandContext } from './context.js';
import { sideThread } from './side-thread.js';

export interface NotifyOptions {
  results: string;
  grid: string;
  targets: readonly Target[];
}

/** What the thread is asked for: to ask people what they expect of cells, and to end. */
export type NotifyMessage = { ask: readonly string[] } | 'end';

/** Who is told, by the slots file and `--telegram`. @throws UsageError saying which entry lacks what */
export const targetsOf = async (
  { slots, telegram }: { slots?: string | undefined; telegram?: boolean | undefined },
  { environment }: CommandContext,
): Promise<Target[]> =>
  notifyTargets(
    [...(await notifyEntries(slots)), ...(telegram ? [{ to: 'telegram' as const }] : [])],
    environment,
  );

/** Tells people of a run; `close` waits a while for the end to be told. Undefined: nobody is to be told. */
export function openNotifyThread(options: NotifyOptions, say: (words: string) => void) {
  if (options.targets.length === 0) return undefined;
  const thread = sideThread(new URL('./notify-worker.js', import.meta.url), options, error =>
    say(`nobody is told of the run any more: ${error.message}`),
  );
  thread.worker.on('message', (words: string) => say(words));
  const ask = (cells: readonly string[]) => thread.worker.postMessage({ ask: cells } satisfies NotifyMessage);
  return { ...thread, ask };
}
