import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { SentCells } from '../../agents/client/sent-cells.js';
import { TokenFile } from '../../agents/server/tokens.js';
import { startAgent, type TestAgent, temporaryFolder } from '../fixtures/farm.js';
import { type FarmRun, prepareFarm, startRun } from '../fixtures/farm-run.js';

function begin(bounds: { mostCells?: number; mostBytes?: number }) {
  const root = temporaryFolder('sent');
  const cellFolder = (cellId: string) => join(root, 'cells', cellId);
  const cells = new SentCells({ folder: join(root, 'sent'), cellFolder, ...bounds });
  let count = 0;
  return {
    cells,
    root,
    train(cellId: string, bytes = 10) {
      cells.begin(cellId);
      mkdirSync(join(cellFolder(cellId), 'checkpoints'), { recursive: true });
      writeFileSync(join(cellFolder(cellId), 'checkpoints/last'), Buffer.alloc(bytes));
    },
    async send(cellId: string) {
      await cells.sent(cellId);
      // Clocks of file systems may be coarse.
      const note = join(root, 'sent', cellId);
      utimesSync(note, 1e9 + ++count, 1e9 + count);
    },
    there: () => readdirSync(join(root, 'cells')).sort(),
  };
}

test('of cells that have been sent back the oldest go beyond a number; what hasn’t been stays', async () => {
  const { cells, train, send, there } = begin({ mostCells: 2 });
  for (const cell of ['unsent', 'a', 'b', 'c', 'd']) train(cell);
  for (const cell of ['a', 'b', 'c', 'd']) await send(cell);
  await cells.tidy();
  expect(there()).toEqual(['c', 'd', 'unsent']);
});

test('… and beyond a size, but for the newest', async () => {
  const { cells, train, send, there } = begin({ mostBytes: 250 });
  for (const cell of ['a', 'b', 'c']) {
    train(cell, 100);
    await send(cell);
  }
  await cells.tidy();
  expect(there()).toEqual(['b', 'c']);
  train('large', 1000);
  await send('large');
  await cells.tidy();
  expect(there()).toEqual(['large']);
});

test('one that is trained once more isn’t sent until it is anew', async () => {
  const { cells, train, send, there } = begin({ mostCells: 1 });
  for (const cell of ['a', 'b']) train(cell);
  await send('a');
  train('a');
  await send('b');
  await cells.tidy();
  expect(there()).toEqual(['a', 'b']);
  await send('a');
  await cells.tidy();
  expect(there()).toEqual(['a']);
});

test('whatever cells are called, and wherever they have gone', async () => {
  const { cells, root } = begin({ mostCells: 0 });
  await cells.sent('../a b/c');
  await cells.sent('gone');
  expect(readdirSync(root)).toEqual(['sent']);
  expect(readdirSync(join(root, 'sent'))).toEqual([]);
});

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

test('an agent keeps a few cells of many, and the coordinator has them all', async () => {
  const folder = prepareFarm({ seeds: 11, epochs: 1 });
  const { secret } = await new TokenFile(join(folder, 'results/agents/tokens.json')).add('box');
  const run: FarmRun = await startRun(folder);
  const box: TestAgent = startAgent(run.url, secret, { more: ['--engine', 'wasm'] });
  ending.push(
    () => run.child.kill('SIGKILL'),
    () => box.end(),
  );
  expect(await run.ended, run.said() + box.said()).toBe(0);
  const kept = readdirSync(join(box.home, 'box/cells'));
  expect(kept.length).toBe(8);
  for (const cell of readdirSync(join(folder, 'results/cells')))
    expect(existsSync(join(folder, 'results/cells', cell, 'checkpoints/last.safetensors'))).toBe(true);
}, 300_000);
