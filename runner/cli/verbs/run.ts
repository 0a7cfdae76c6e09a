import { acquireGridLock } from '../../store/grid-lock.js';
import { openStore } from '../../store/open-store.js';
import { warningsOf } from '../../terminal/grid-words.js';
import type { CommandContext } from '../context.js';
import { executeGrid } from '../execute-grid.js';
import type { Options } from '../options.js';
import { prepareGrid } from '../prepare-grid.js';
import { selectView } from '../select-view.js';

type Own = Options<
  'slots' | 'shard' | 'maxHours' | 'deadline' | 'budget' | 'rerunStale' | 'note' | 'plain' | 'jsonEvents'
>;

export async function runGrid(file: string, options: Own, context: CommandContext): Promise<void> {
  // Nothing runs yet: there is nothing to drain.
  context.onSignal(() => context.quit(130));
  const view = selectView(options, context);
  const prepared = await prepareGrid(file, options, context, view.step);
  for (const line of [...warningsOf(prepared), ...prepared.notes]) view.line(line);
  const lock = await acquireGridLock(options.results, prepared.grid.name, view.line);
  try {
    const store = await openStore(options.results);
    try {
      context.exitWith(await executeGrid(prepared, store, view, lock.isHeld, options, context));
    } finally {
      store.close();
    }
  } finally {
    lock.release();
  }
}
