import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../store/open-store.js';
import { callGrid } from '../fixtures/in-process.js';
import { cells, complete, grid, resultsFolder } from '../store/fixtures.js';

test.each([
  ['report', '--out'],
  ['export', '--tensorboard'],
])('%s names its option where its folder can’t be made', async (verb, option) => {
  const results = resultsFolder();
  const store = await openStore(results);
  const [cell] = cells(1);
  store.registerGrid(grid, [cell!]);
  complete(store, cell!.cellId, [0.5]);
  store.close();
  const file = join(results, 'a-file');
  writeFileSync(file, 'mine');
  const call = await callGrid([verb, '--results', results, option, join(file, 'below')]);
  expect(call.exitCode).toBe(1);
  expect(call.stderr).toMatch(new RegExp(`^${option}: .*a-file`));
  const unknown = join(results, 'not-made');
  const other = verb === 'report' ? ['nosuch'] : ['--grid', 'nosuch'];
  expect((await callGrid([verb, ...other, '--results', results, option, unknown])).exitCode).toBe(2);
  expect(existsSync(unknown)).toBe(false);
});
