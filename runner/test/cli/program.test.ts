import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verbs } from '../../cli/verbs.js';
import { startGrid, workFolder } from '../fixtures/cli.js';

/** Files of this project that a call of `grid` loads. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const folder = workFolder();
  const coverage = join(folder, 'coverage');
  const { exitCode } = await startGrid(folder, args, { NODE_V8_COVERAGE: coverage });
  expect(exitCode).toBe(0);
  return readdirSync(coverage)
    .flatMap(name => JSON.parse(readFileSync(join(coverage, name), 'utf8')).result as { url: string }[])
    .map(({ url }) => url)
    .filter(url => url.startsWith('file:') && !url.includes('node_modules'));
}

const handlers = (files: readonly string[]) => files.filter(url => url.includes('/cli/verbs/'));

test('help loads no handler of a verb', async () => {
  for (const args of [['--help'], ['run', '--help'], ['help', 'predict']]) {
    const files = await loadedBy(...args);
    expect(files.some(url => url.endsWith('/cli/verbs.js'))).toBe(true);
    expect(handlers(files)).toEqual([]);
    expect(files.length).toBeLessThan(30);
  }
});

test('a verb loads its own handler alone', async () => {
  const [own, ...others] = handlers(await loadedBy('version'));
  expect(own).toMatch(/\/verbs\/version\.js$/);
  expect(others).toEqual([]);
});

test('every handler is there', async () => {
  for (const { load } of verbs) expect(typeof (await load())).toBe('function');
});

test('a verb takes no option twice', () => {
  for (const { usage, options } of verbs)
    expect([usage, new Set(options).size]).toEqual([usage, options.length]);
});
