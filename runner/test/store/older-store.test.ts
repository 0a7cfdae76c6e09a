/** A store that an older version wrote opens, with all that it holds. */
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLeaderboard } from '../../leaderboard/leaderboard.js';
import { openStore } from '../../store/open-store.js';
import { ResultsPaths } from '../../store/run-paths.js';
import type { StoreWriter } from '../../store/run-store.js';
import { defaultDriver } from '../../store/sqlite/sqlite.js';
import { resultsFolder } from './fixtures.js';

/** `dump`: what `.dump` gave of a store, read from the sources: SQL isn't compiled. */
async function olderFolder(dump: string) {
  const folder = resultsFolder();
  const { store: file } = new ResultsPaths(folder);
  const { DatabaseSync } = await defaultDriver();
  const database = new DatabaseSync(file);
  database.exec(readFileSync(join('runner/test/store', dump), 'utf8'));
  database.close();
  const version = () => {
    const opened = new DatabaseSync(file, { readOnly: true });
    const { user_version } = opened.prepare('PRAGMA user_version').get() as { user_version: number };
    opened.close();
    return user_version;
  };
  return { folder, file, version };
}

test.each([
  ['reader', { readOnly: true } as const],
  ['writer', {}],
])('a %s finds the results of an older store', async (_, options) => {
  const { folder } = await olderFolder('store-version-1.sql');
  const store = await openStore(folder, options as { readOnly: true });
  expect(store.grids().map(({ name }) => name)).toEqual(['ext', 'small']);
  const [native] = store.storedCells('small');
  expect(native).toMatchObject({ state: 'completed', epochs: 1, attempts: 1 });
  expect(native!.provenance).not.toHaveProperty('sources');
  expect(native!.provenance!.engine).toEqual({
    name: 'tensorflow',
    version: 'tfjs-node 4.22.0 / TensorFlow 2.21.0',
    device: 'cpu x1 thread',
  });
  expect(store.storedCells('ext').map(({ state, value }) => [state, value])).toEqual([
    ['completed', 0.3],
    ['completed', 0.301],
  ]);
  expect([...store.epochRows()].map(({ sources }) => sources)).toEqual(Array(7).fill(null));
  store.close();
});

const ranks = (store: Parameters<typeof readLeaderboard>[0]) =>
  readLeaderboard(store).rows.map(({ rank, labels, value, restsOn }) => [
    rank,
    labels['params.kind'],
    value?.toFixed(3),
    restsOn,
  ]);

test.each([true, false])('is brought up to date with all its results (by a reader: %s)', async readOnly => {
  const { folder, version } = await olderFolder('store-version-1-folders.sql');
  expect(version()).toBe(1);
  const store = await (readOnly ? openStore(folder, { readOnly: true }) : openStore(folder));
  expect(ranks(store)).toEqual([[1, 'other', '0.707', '2 seeds']]);
  const cells = store.storedCells('grid');
  expect(
    cells.map(({ cellId, epochs, state, present }) => [cellId.slice(0, 4), epochs, state, present]),
  ).toEqual([
    ['e9fa', 2, 'completed', true],
    ['5b33', 2, 'completed', true],
    ['2f38', 2, 'completed', false],
    ['8a24', 2, 'completed', false],
    ['cf68', 2, 'completed', false],
    ['db3b', 1, 'failed', false],
  ]);
  expect(store.metricsOf('cf68062cada7c301').map(({ metrics }) => metrics.validationAccuracy)).toEqual([
    0.901, 0.902,
  ]);
  expect(store.findCell('db3b').failure?.message).toContain('ValueError: the loss is not finite');
  expect(store.notesOf('2f38a4a1f2feabf0').map(({ text }) => text)).toEqual(['from the file']);
  if (!readOnly) {
    // Where notes are from isn't known yet: the same text is the file's.
    (store as StoreWriter).addFileNote(['2f38a4a1f2feabf0'], 'from the file');
    expect(store.notesOf('2f38a4a1f2feabf0')).toHaveLength(1);
  }
  store.close();
  expect(version()).toBeGreaterThan(1);
});

test('is read in a copy where it can’t be written, and stays as it is', async () => {
  const { folder, file, version } = await olderFolder('store-version-1-folders.sql');
  const before = readFileSync(file);
  chmodSync(file, 0o444);
  chmodSync(folder, 0o555);
  // Root may write anywhere.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid!(65_534);
  try {
    const reader = await openStore(folder, { readOnly: true });
    expect(ranks(reader)).toEqual([[1, 'other', '0.707', '2 seeds']]);
    reader.close();
  } finally {
    if (isRoot) process.seteuid!(0);
    chmodSync(folder, 0o755);
  }
  expect(readFileSync(file)).toEqual(before);
  expect(version()).toBe(1);
});
