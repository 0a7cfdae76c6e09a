import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verbs } from '../../../cli/verbs.js';
import { openStore } from '../../../store/open-store.js';
import { startGrid, workFolder } from '../../fixtures/cli.js';
import { callGrid } from '../../fixtures/in-process.js';
import { cells, complete, grid, resultsFolder } from '../../store/fixtures.js';

/** Values that are offered, and `:files` where files are, too. */
async function offered(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const { stdout, exitCode } = await callGrid(['complete', '--', ...words], environment);
  expect(exitCode).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  const values = lines.slice(0, -1).map(line => line.split('\t')[0]!);
  return lines.at(-1) === ':files' ? [...values, ':files'] : values;
}

test('verbs, their options and their values', async () => {
  expect(await offered([''])).toEqual([...verbs.map(({ usage }) => usage.split(' ')[0]), 'help']);
  expect(await offered(['st'])).toEqual(['status', 'stopping']);
  expect(await offered(['help', 'stat'])).toEqual(['status']);
  expect(await offered(['--results', 'elsewhere', 'stat'])).toEqual(['status']);
  expect(await offered(['leaderboard', '--gr'])).toEqual(['--grid', '--group-by']);
  expect(await offered(['run', 'x.yaml', '--eng'])).toEqual(['--engine']);
  expect(await offered(['run', '--engine', 'w'])).toEqual(['wasm']);
  expect(await offered(['run', '--engine=w'])).toEqual(['--engine=wasm']);
  expect(await offered(['token', ''])).toEqual(['new', 'list', 'revoke']);
  expect(await offered(['complete', 'z'])).toEqual(['zsh']);
  expect(await offered(['nonsense', '--n'])).toEqual([]);
  for (const words of [
    ['run', ''],
    ['run', 'a.yaml', '--slots', ''],
    ['data', 'x'],
    ['merge', 'a', 'b'],
  ])
    expect(await offered(words), words.join(' ')).toEqual([':files']);
  // A flag takes no value, a note any.
  expect(await offered(['status', '--watch', '--gr'])).toEqual(['--grid']);
  expect(await offered(['run', 'a.yaml', '--note', ''])).toEqual([]);
});

test('grids, axes and the ids of cells, of the folder that the line names', async () => {
  const results = resultsFolder();
  const store = await openStore(results);
  store.registerGrid(grid, cells(3));
  const ids = cells(3).map(({ cellId }) => cellId);
  complete(store, ids[0]!, [0.5]);
  store.close();
  const there = (...words: string[]) => offered(words, { GRID_RESULTS: results });
  expect(await there('status', '--grid', '')).toEqual([grid.name]);
  expect(await offered(['--results', results, 'serve', 'a'])).toEqual([grid.name]);
  expect(await offered(['serve', `--results=${results}`, 'x'])).toEqual([]);
  const [first, second] = Object.keys(cells(1)[0]!.labels);
  expect(await there('leaderboard', '--group-by', `${first},${second!.slice(0, 2)}`)).toEqual([
    `${first},${second}`,
  ]);
  // The first digits of these are the same: only whole ids tell them apart.
  expect(await there('show', ids[1]!.slice(0, 4))).toEqual([...ids].sort());
  expect(await there('cancel', ids[0]!, ids[1]!)).toEqual([ids[1]]);
  const { stdout } = await callGrid(['complete', '--', 'show', ids[0]!], { GRID_RESULTS: results });
  expect(stdout).toMatch(/\t.*resnet.*, completed\n:\n$/);
  expect(await offered(['show', ''], { GRID_RESULTS: `${results}/none` })).toEqual([]);
});

test('words that need no store load none, and no Commander', async () => {
  const folder = workFolder();
  const coverage = join(folder, 'coverage');
  await startGrid(folder, ['complete', '--', 'leaderboard', '--gr'], { NODE_V8_COVERAGE: coverage });
  const loaded = readdirSync(coverage)
    .flatMap(name => JSON.parse(readFileSync(join(coverage, name), 'utf8')).result as { url: string }[])
    .filter(({ url }) => url.startsWith('file:'));
  expect(loaded.length).toBeLessThan(20);
  expect(loaded.some(({ url }) => /node_modules|\/store\//.test(url))).toBe(false);
});
