import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { showStatus } from '../../cli/verbs/status.js';
import { openStore } from '../../store/open-store.js';
import { silentContext } from '../fixtures/in-process.js';
import { cells, complete, grid, resultsFolder } from '../store/fixtures.js';

const ids = cells(3).map(({ cellId }) => cellId);

/** A store with so many completed cells. */
async function storeWith(folder: string, completed: number) {
  const store = await openStore(folder);
  store.registerGrid(grid, cells(3));
  for (const id of ids.slice(0, completed)) complete(store, id, [0.5]);
  return store;
}

test('a watched status shows what others write, also in a store that takes the place of another', async () => {
  const [folder, other] = [resultsFolder(), resultsFolder()];
  const context = silentContext();
  let isOver = false;
  const write = context.stdout.write.bind(context.stdout);
  context.stdout.write = (text: string) => {
    if (isOver) throw new Error('over');
    return write(text);
  };
  const watching = showStatus({ results: folder, watch: true } as never, context).catch(
    error => (error as Error).message,
  );
  const last = () => context.written.stdout.trimEnd().split('\n').at(-1);
  const shows = (text: string) => expect.poll(last, { timeout: 5000 }).toContain(text);
  await shows('no results yet');
  const store = await storeWith(folder, 1);
  await shows('1 of 3 cells completed');
  complete(store, ids[1]!, [0.5]);
  await shows('2 of 3 cells completed');
  const { length } = context.written.stdout;
  await new Promise(resolve => setTimeout(resolve, 600));
  // Nothing has changed: nothing is shown again.
  expect(context.written.stdout).toHaveLength(length);
  store.close();

  (await storeWith(other, 3)).close();
  for (const [from, to] of [
    [folder, resultsFolder()],
    [other, folder],
  ] as const)
    renameSync(join(from, 'store.db'), join(to, 'store.db'));
  await shows('3 of 3 cells completed');

  isOver = true;
  const again = await openStore(folder);
  again.hold([ids[0]!], 'paused');
  again.requeue([ids[0]!]);
  expect(await watching).toBe('over');
  again.close();
});
