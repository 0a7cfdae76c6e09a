import { setTimeout as sleep } from 'node:timers/promises';
import { latest } from '../readings/latest.js';
import { ResultsPaths } from '../store/run-paths.js';
import type { StoreReader } from '../store/run-store.js';
import { storeVersion } from '../store/store-file.js';
import { showChanges } from '../terminal/watch.js';
import type { CommandContext } from './context.js';
import { withReader } from './with-store.js';

const pollMs = 250;

/**
 * Shows what `render` makes of the store, and again whenever that has changed, until the process is ended. A reader stays open for
 * as long as the store is the same file: `grid rebuild` puts another in its place.
 */
export async function watchStore(
  { results }: { results: string },
  render: (store: StoreReader) => string,
  context: CommandContext,
): Promise<never> {
  context.endWithReader();
  const show = showChanges(context.stdout);
  const { store: path } = new ResultsPaths(results);
  for (;;) {
    const file = storeVersion(path);
    await withReader({ results }, async store => {
      const text = latest(store, () => render(store));
      do {
        show(text());
        await sleep(pollMs);
      } while (storeVersion(path) === file);
    });
  }
}
