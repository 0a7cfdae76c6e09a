import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { OpenSlot } from '../../slots/backend.js';
import { startOn } from '../../slots/submission.js';
import { fixtureCommand, fixtureSpec } from '../fixtures/run-spec.js';
import { openLocal, slotRun } from '../fixtures/slot-run.js';
import { follow } from './conformance.js';

let slot: OpenSlot;
afterEach(() => slot.close());

async function start(args: string[], epochMs = 0) {
  [slot] = (await openLocal({ cpus: 1 })) as [OpenSlot];
  const trainer = { command: fixtureCommand('once-trainer', ...args), persistent: false };
  const run = slotRun(fixtureSpec({ seed: 5, trainer, params: { epochMs } }));
  return { run, handle: startOn(slot, run) };
}

it('gives a program its cell in the environment, reads NaN as null and logs the rest', async () => {
  const { run, handle } = await start([]);
  const { events, exit } = await follow(handle);
  expect(exit).toEqual({ outcome: 'completed', weightsHash: null });
  expect(events).toEqual(
    [1, 2].map(epoch => ({
      type: 'epoch',
      cellId: 'cell5',
      epoch,
      step: epoch,
      metrics: { trainLoss: null, validationAccuracy: 0.5 },
    })),
  );
  const { cell, grid } = run.artifacts.folder();
  expect(readFileSync(join(cell.root, 'answer.txt'), 'utf8')).toBe('42');
  expect(readFileSync(cell.log, 'utf8')).toContain(`hello from cell cell5 with seed 5 in ${grid}`);
});

it.each([
  ['2', 'badConfiguration'],
  ['3', 'outOfMemory'],
  ['4', 'nanLoss'],
  ['1', 'crash'],
])('reads exit code %s as %s', async (code, failure) => {
  const { exit } = await follow((await start(['--exit', code])).handle);
  expect(exit).toMatchObject({ outcome: 'failed', failure: { class: failure } });
});

it('reads exit code 130 as interrupted', async () => {
  const { exit } = await follow((await start(['--exit', '130'])).handle);
  expect(exit).toEqual({ outcome: 'interrupted', epoch: 2 });
});

it('drains a program by SIGTERM', async () => {
  const { handle } = await start([], 60_000);
  for await (const event of handle.events) if (event.type === 'epoch') handle.drain();
  expect(await handle.exit).toEqual({ outcome: 'interrupted', epoch: 1 });
});

it('kills a program that ignores SIGTERM', async () => {
  const { handle } = await start(['--ignore-term'], 60_000);
  for await (const event of handle.events)
    if (event.type === 'epoch') {
      handle.drain();
      handle.kill();
    }
  expect(await handle.exit).toEqual({ outcome: 'killed', epoch: 1 });
});

it('does not wait for programs that a trainer left behind with its pipes', async () => {
  const { exit } = await follow((await start(['--child'])).handle);
  expect(exit.outcome).toBe('completed');
});
