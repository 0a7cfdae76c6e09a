import { existsSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WeightsStore } from '../../../agents/client/weights-store.js';
import { DataSource } from '../../../agents/data/data-source.js';
import { type DataOrigin, DataStore } from '../../../agents/data/data-store.js';
import { fixtureSpec } from '../../fixtures/run-spec.js';

const folderOf = (name: string) => mkdtempSync(join(tmpdir(), `${name}-`));
const hoursAgo = (path: string, hours: number) => {
  const time = new Date(Date.now() - hours * 3_600_000);
  utimesSync(path, time, time);
};

/** MNIST by its names alone, so many bytes. */
async function dataOf(bytes: number, letter: string): Promise<{ hash: string; origin: DataOrigin }> {
  const root = folderOf('root');
  writeFileSync(join(root, 'train-images-idx3-ubyte'), letter.repeat(bytes));
  const source = await DataSource.of({ ...fixtureSpec({}).data, root });
  const origin: DataOrigin = {
    manifest: async () => source.manifest,
    content: async (_, from) => source.content(from),
  };
  return { hash: source.hash, origin };
}

const never = new AbortController().signal;

test('before more data come those go that were used longest ago, but for what this process or another uses', async () => {
  const folder = folderOf('data');
  const sets = await Promise.all(['a', 'b', 'c', 'd'].map(letter => dataOf(1000, letter)));
  const [a, b, c, d] = sets as [(typeof sets)[0], (typeof sets)[0], (typeof sets)[0], (typeof sets)[0]];
  // As other processes left them: the last one is still at work.
  for (const [{ hash, origin }, hours] of [
    [a, 3],
    [b, 5],
    [c, 0],
  ] as const) {
    await new DataStore(folder).get(hash, origin, never);
    hoursAgo(join(folder, `${hash}.json`), hours);
  }
  const store = new DataStore(folder, 3500);
  expect(store.held).toEqual([c.hash, a.hash, b.hash]);
  await store.get(d.hash, d.origin, never);
  expect(new Set(store.held)).toEqual(new Set([a.hash, c.hash, d.hash]));
  expect(existsSync(join(folder, b.hash))).toBe(false);
  // Too small for what is in use: nothing of that goes.
  const small = new DataStore(folder, 10);
  expect(await small.get(a.hash, a.origin, never)).toBe(join(folder, a.hash));
  hoursAgo(join(folder, `${a.hash}.json`), 9);
  await small.get(b.hash, b.origin, never);
  expect(new Set(small.held)).toEqual(new Set([a.hash, b.hash, c.hash, d.hash]));
});

test('what isn’t whole is no data that it has', async () => {
  const folder = folderOf('data');
  writeFileSync(join(folder, `${'0'.repeat(64)}.json`), '{"files":');
  writeFileSync(join(folder, 'notes.json'), '{}');
  expect(new DataStore(folder, 1).held).toEqual([]);
});

test('weights that runs began with go likewise', async () => {
  const folder = folderOf('weights');
  const store = new WeightsStore(folder, 2500);
  for (const [hash, hours] of [
    ['old', 30],
    ['older', 40],
    ['used', 50],
  ] as const) {
    writeFileSync(store.place(hash), 'w'.repeat(1000));
    hoursAgo(store.place(hash), hours);
  }
  store.use(store.place('used'));
  hoursAgo(store.place('used'), 50);
  await store.makeRoom(1000);
  expect(readdirSync(folder)).toEqual(['used.safetensors']);
});
