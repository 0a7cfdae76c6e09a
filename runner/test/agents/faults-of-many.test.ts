/** The coordinator of twenty agents is lost: all come back to the one that follows it, and it must end as if nothing had happened. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type FarmRun, until } from '../fixtures/farm-run.js';
import { epochsSaid, faultBed } from '../fixtures/fault-bed.js';

const agents = 20;
const seeds = 50;
const epochs = 6;
const bed = faultBed({ seeds, epochs, stub: { epochMs: 300, weightsBytes: 100_000 } });

const begunAgain = (run: FarmRun) =>
  [...run.said().matchAll(/(\S+) started \d+, run \d/g)].map(([, cell]) => cell!);
const hasTold = (run: FarmRun, cell: string) => run.said().includes(` ${cell} epoch `);

test('the coordinator of 20 agents is killed and started again, twice', async () => {
  const { run: first, secret } = await bed.begin();
  for (let index = 1; index <= agents; index++) bed.agent(first.url, secret, { name: `box${index}` });
  // All are there, and some of their cells are over.
  await until(() => new Set(first.said().match(/box\d+\/cpu0(?= \S+ started)/g)).size === agents, 300);
  await until(() => epochsSaid(first) >= 4 * agents, 300);
  first.child.kill('SIGKILL');
  await first.ended;
  // Theirs end meanwhile: they keep what they can't tell.
  await sleep(3000);
  const second = await bed.again(first);
  await until(() => epochsSaid(second) >= 3 * agents, 300);
  second.child.kill('SIGKILL');
  await second.ended;
  const third = await bed.again(second);
  expect(third.url).toBe(first.url);
  await bed.expectAsUndisturbed(third);
  // None was begun again that an agent had: each was gone on with, or was over.
  expect(begunAgain(second).filter(cell => hasTold(first, cell))).toEqual([]);
  expect(begunAgain(third).filter(cell => hasTold(first, cell) || hasTold(second, cell))).toEqual([]);
  // Those that were killed had work left.
  expect(second.said()).not.toContain(`${seeds} completed`);
  expect(third.said()).toMatch(/box\d+\/cpu0 \S+ epoch/);
}, 600_000);
