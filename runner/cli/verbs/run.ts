import { acquireGridLock } from '../../store/grid-lock.js';
import { openStore } from '../../store/open-store.js';
import type { CommandContext } from '../context.js';
import { executeGrid } from '../execute-grid.js';
import { loadCheckedGrid } from '../load-grid.js';
import type { Options } from '../options.js';
import { selectView } from '../select-view.js';

type Own = Options<'slots' | 'rerunStale' | 'note' | 'plain' | 'jsonEvents'>;

export async function runGrid(file: string, options: Own, context: CommandContext): Promise<void> {
  // Nothing runs yet: there is nothing to drain.
  context.onSignal(() => context.quit(130));
  const view = selectView(options, context);
  const checked = await loadCheckedGrid(file, options, context, view.step);
  for (const line of [...checked.warnings, ...checked.notes]) view.line(line);
  const lock = await acquireGridLock(options.results, checked.grid.name, view.line);
  try {
    const store = await openStore(options.results);
    try {
      context.exitWith(await executeGrid(checked, store, view, lock.isHeld, options, context));
    } finally {
      store.close();
    }
  } finally {
    lock.release();
  }
}
