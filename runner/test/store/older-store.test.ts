/** A store that an older version wrote (`store-version-1.sql` is a dump of one) opens, with all that it holds. */
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../store/open-store.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { defaultDriver } from '../../store/sqlite.js';
import { resultsFolder } from './fixtures.js';

async function olderFolder() {
  const folder = resultsFolder();
  const { DatabaseSync } = await defaultDriver();
  const database = new DatabaseSync(new ResultsPaths(folder).store);
  database.exec(readFileSync(join('runner/test/store/store-version-1.sql'), 'utf8'));
  database.close();
  return folder;
}

test.each([
  ['reader', { readOnly: true } as const],
  ['writer', {}],
])('a %s finds the results of an older store', async (_, options) => {
  const store = await openStore(await olderFolder(), options as { readOnly: true });
  expect(store.grids().map(({ name }) => name)).toEqual(['ext', 'small']);
  const [native] = store.storedCells('small');
  expect(native).toMatchObject({ state: 'completed', epochs: 1, attempts: 1 });
  expect(native!.provenance!.engine).toEqual({
    name: 'tensorflow',
    version: 'tfjs-node 4.22.0 / TensorFlow 2.21.0',
    device: 'cpu x1 thread',
  });
  expect(store.storedCells('ext').map(({ state, value }) => [state, value])).toEqual([
    ['completed', 0.3],
    ['completed', 0.301],
  ]);
  expect([...store.epochRows()]).toHaveLength(7);
  store.close();
});

test.skipIf(process.getuid?.() === 0)('in a read-only folder it says who brings it up to date', async () => {
  const folder = await olderFolder();
  const { store } = new ResultsPaths(folder);
  chmodSync(store, 0o444);
  chmodSync(folder, 0o555);
  await expect(openStore(folder, { readOnly: true })).rejects.toThrow(/written by an older gridfarm/);
  chmodSync(folder, 0o755);
});
