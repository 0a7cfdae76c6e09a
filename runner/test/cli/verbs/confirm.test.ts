import { expect, test } from 'vitest';
import type { Leaderboard } from '../../../leaderboard/row.js';
import { json, startGrid, workFolder, writeGrid } from '../../fixtures/cli.js';

const cellsOf = ({ rows }: Leaderboard) => rows.flatMap(({ cells }) => [...cells]);

test('grid confirm trains fresh seeds of what may be the best, apart from the grid, and goes on', async () => {
  const folder = workFolder();
  // Its trainer comes further with more epochs, and a little with the seed.
  const axes = { 'train.epochs': [2, 9], seed: [1, 2, 3] };
  const file = writeGrid(folder, { more: { axes } });
  expect((await startGrid(folder, ['run', file])).exitCode).toBe(0);
  const before = (await json(folder, 'leaderboard')) as Leaderboard;

  const dry = await startGrid(folder, ['confirm', '--dry-run', '--seeds', '2']);
  expect(dry.stdout).toMatch(/one setting, 2 fresh seeds each \(1001, 1002\): 2 of 2 cells to train, /);
  expect(await json(folder, 'leaderboard')).toEqual(before);

  const run = await startGrid(folder, ['confirm', '--seeds', '2']);
  expect(run.exitCode).toBe(0);
  // The grid is as it was, and the only one that is meant where none is named.
  expect(await json(folder, 'leaderboard')).toEqual(before);
  const fresh = (await json(folder, 'leaderboard', '--grid', 'grid/confirm')) as Leaderboard;
  expect(cellsOf(fresh)).toHaveLength(2);
  expect(cellsOf(before)).not.toEqual(expect.arrayContaining(cellsOf(fresh)));
  expect(fresh.rows[0]!.labels).toEqual({ 'train.epochs': '9' });
  const board = await startGrid(folder, ['leaderboard']);
  expect(board.stdout).toMatch(
    /confirmed by fresh seeds alone:\n {2}9 {2}0\.9\d+ ± 0\.0\d+ \(2; chosen at 0\.9\d+\)/,
  );

  const more = await startGrid(folder, ['confirm', '--seeds', '3']);
  expect(more.exitCode).toBe(0);
  const grown = (await json(folder, 'leaderboard', '--grid', 'grid/confirm')) as Leaderboard;
  expect(cellsOf(grown)).toHaveLength(3);
  expect(cellsOf(grown)).toEqual(expect.arrayContaining(cellsOf(fresh)));

  const report = await startGrid(folder, ['report', '--out', 'out', '--json']);
  const { claims } = JSON.parse(report.stdout) as { claims: { id: string; n: number }[] };
  expect(claims).toContainEqual(expect.objectContaining({ id: 'confirmation/9', n: 3 }));
  expect((await startGrid(folder, ['report', '--verify', 'out/report.html'])).exitCode).toBe(0);
});

test('grid confirm of a grid without a rank is refused', async () => {
  const folder = workFolder();
  const file = writeGrid(folder, { params: { misbehave: 'badConfiguration' } });
  await startGrid(folder, ['run', file]);
  const call = await startGrid(folder, ['confirm']);
  expect(call.exitCode).toBe(2);
  expect(call.stderr).toContain('there is nothing to confirm');
});
