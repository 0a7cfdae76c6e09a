import { expect, test } from 'vitest';
import { cellFolders, saw, startGrid, workFolder, writeGrid } from '../fixtures/cli.js';

test('logs -f follows a cell over its attempts, and ends with it', async () => {
  const folder = workFolder();
  const params = { misbehave: 'words', misbehaveUntil: 1, epochs: 30, epochMs: 100 };
  const file = writeGrid(folder, { seeds: 1, epochs: 30, params });
  const run = startGrid(folder, ['run', file, '--json']);
  await saw(run, '"runStarted"');
  const cell = cellFolders(folder)[0]!;
  const followed = await startGrid(folder, ['logs', cell, '-f']);
  expect(followed.exitCode).toBe(0);
  expect(followed.stdout).toContain('something dreadful');
  expect(followed.stdout.match(/ started, /g)).toHaveLength(2);
  expect(followed.stderr).toContain(`${cell}: completed`);
  const { stdout } = await startGrid(folder, ['status', '--json']);
  expect(JSON.parse(stdout).grids[0].counts.completed).toBe(1);
  await run;
  // Of a cell that is over there is nothing to wait for.
  const again = await startGrid(folder, ['logs', cell, '--follow']);
  expect(again.stdout).toBe(followed.stdout);
});
