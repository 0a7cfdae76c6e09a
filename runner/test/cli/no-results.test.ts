/** From a folder without results every command says which folder that is and where there are some, and makes none. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { startGrid, workFolder, writeGrid } from '../fixtures/cli.js';

let folder: string;
let below: string;
beforeAll(async () => {
  folder = workFolder();
  await startGrid(folder, ['run', writeGrid(folder, { seeds: 1, epochs: 1 })]);
  below = join(folder, 'some', 'folder');
  mkdirSync(below, { recursive: true });
});

it.each([
  [['status'], 0],
  [['status', '--json'], 0],
  [['leaderboard'], 2],
  [['show', '3fa1'], 2],
  [['logs', '3fa1'], 2],
  [['export', '--csv'], 0],
  [['export', '--json', '--grid', 'grid'], 2],
  [['note', '3fa1', 'text'], 2],
  [['retry', '--failed'], 2],
  [['plan', '../../grid.yaml'], 0],
])('grid %j', async (args, code) => {
  const { exitCode, all, stdout } = await startGrid(below, args);
  expect(all).toContain(`${join(below, 'results')}: no results yet`);
  expect(all).toContain(
    `There are results in ${join(folder, 'results')}: --results ${join(folder, 'results')}`,
  );
  expect(exitCode, all).toBe(code);
  if (args.includes('--json') && code === 0) expect(JSON.parse(stdout)).toEqual({ grids: [] });
  expect(existsSync(join(below, 'results', 'store.db'))).toBe(false);
});

it('grid plan looks beside the grid file, too, and says in JSON which folder it means', async () => {
  const elsewhere = workFolder();
  const { stdout } = await startGrid(elsewhere, ['plan', join(folder, 'grid.yaml'), '--json']);
  const plan = JSON.parse(stdout);
  expect(plan).toMatchObject({ results: join(elsewhere, 'results'), counts: { new: 1 } });
  expect(plan.noResults).toContain(`There are results in ${join(folder, 'results')}`);
  const there = JSON.parse((await startGrid(folder, ['plan', 'grid.yaml', '--json'])).stdout);
  expect(there).toMatchObject({ noResults: null, counts: { completed: 1 } });
});

it('says nothing of other folders where there are none', async () => {
  const { stdout } = await startGrid(workFolder(), ['status']);
  expect(stdout).toMatch(/results: no results yet; `grid run FILE` makes some\n?$/);
});
