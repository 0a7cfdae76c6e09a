import { join } from 'node:path';
import { expect, test } from 'vitest';
import { json, startGrid, workFolder, writeGrid } from '../../fixtures/cli.js';

const board = async (folder: string, results: string) => {
  const { stdout } = await startGrid(folder, ['leaderboard', '--csv', '--results', results]);
  return stdout;
};

test('shards that are run apart and merged have the leaderboard of one undivided run', async () => {
  const folder = workFolder();
  const file = writeGrid(folder, {
    seeds: 5,
    more: { axes: { seed: [1, 2, 3], 'params.kind': ['a', 'b'] } },
  });
  const run = async (results: string, ...args: string[]) => {
    const { exitCode, all } = await startGrid(folder, ['run', file, '--results', results, ...args]);
    expect(exitCode, all).toBe(0);
    return all;
  };
  await run('whole');
  expect(await run('one', '--shard', '1/2')).toContain('3 completed, 3 in other shards');
  await run('two', '--shard', '2/2');
  expect(await board(folder, 'one')).not.toBe(await board(folder, 'whole'));
  const merged = await startGrid(folder, ['merge', 'two', '--results', 'one']);
  expect([merged.exitCode, merged.stdout]).toEqual([0, 'two: 6 cells: 3 new, 3 with nothing to do']);
  const withoutTime = (csv: string) => csv.replaceAll(/\d+\.\d{4,}/g, 'n');
  expect(withoutTime(await board(folder, 'one'))).toBe(withoutTime(await board(folder, 'whole')));
  // Nothing is left to run, and of each shard neither.
  expect(await run('one')).toContain('6 completed before');
  const again = await startGrid(folder, ['merge', 'two', '--results', 'one', '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject([{ folder: 'two', same: 6 }]);
  const plan = JSON.parse(
    (await startGrid(folder, ['plan', file, '--shard', '1/2', '--results', 'two', '--json'])).stdout,
  );
  expect(plan).toMatchObject({ shard: { number: 1, of: 2 }, counts: { new: 3, completed: 0 } });
});

test('different results are reported with both, and end with 1 until one is preferred', async () => {
  const folder = workFolder();
  writeGrid(folder, { seeds: 1 });
  for (const results of ['one', 'two']) await startGrid(folder, ['run', 'grid.yaml', '--results', results]);
  const { defaultDriver } = await import('../../../store/sqlite/sqlite.js');
  const { DatabaseSync } = await defaultDriver();
  const database = new DatabaseSync(join(folder, 'two', 'store.db'));
  database.exec('UPDATE metrics SET value = value + 0.125');
  database.close();
  const open = await startGrid(folder, ['merge', 'two', '--results', 'one']);
  expect(open.exitCode).toBe(1);
  expect(open.stdout).toMatch(
    /1 with different results\n {2}\w{8} differs: here .*, there .*\n.*--prefer ours/,
  );
  const settled = await startGrid(folder, ['merge', 'two', '--results', 'one', '--prefer', 'ours']);
  expect(settled.exitCode, settled.all).toBe(0);
  expect(settled.stdout).toMatch(/ours kept; theirs is in .*set-aside/);
  expect((await startGrid(folder, ['merge', 'two', '--results', 'one'])).exitCode).toBe(0);
  const bad = await startGrid(folder, ['merge', 'one', '--results', 'one']);
  expect([bad.exitCode, bad.stderr]).toEqual([2, expect.stringContaining('merged into')]);
  expect((await json(folder, 'status', '--results', 'one')).grids).toHaveLength(1);
});
