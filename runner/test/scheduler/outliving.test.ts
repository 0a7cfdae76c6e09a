import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { SchedulerEvent } from '../../domain/scheduler-event.js';
import { SlotSet } from '../../slots/slot-set.js';
import { openStore } from '../../store/open-store.js';
import { AwaySlot } from '../fixtures/away/away-slot.js';
import { type FixtureCell, startScheduler } from '../fixtures/scheduling.js';
import { openLocal } from '../fixtures/slot-run.js';

const script = fileURLToPath(new URL('./processes/run-away.js', import.meta.url));
const folder = (name: string) => mkdtempSync(join(tmpdir(), `gridfarm-${name}-`));

/** A runner that is killed once it has stored so many epochs of the first cell. */
async function killedRunner(cells: FixtureCell[], { epochs }: { epochs: number }) {
  const results = folder('results');
  const home = folder('away');
  const runner = spawn(process.execPath, [script, results, home, JSON.stringify(cells)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let seen = 0;
  for await (const line of createInterface({ input: runner.stdout })) {
    const event = JSON.parse(line) as SchedulerEvent;
    if (event.type === 'trainer' && event.event.type === 'epoch') seen++;
    if (seen === epochs) break;
  }
  runner.kill('SIGKILL');
  await once(runner, 'exit');
  return { results, home };
}

/** What the processes were that reported the epochs of a cell. */
const trainersOf = (farm: Awaited<ReturnType<typeof startScheduler>>, cellId: string) =>
  new Set(farm.store.metricsOf(cellId).map(({ metrics }) => metrics.pid));

it('a run goes on while its runner is dead, and the next runner with it: one run, one trainer, every epoch', async () => {
  const cells = [{ epochs: 30, params: { epochMs: 40 } }, { epochs: 2 }];
  const { results, home } = await killedRunner(cells, { epochs: 3 });
  const before = await openStore(results, { readOnly: true });
  const stored = before.metricsOf('cell0').length;
  before.close();
  await sleep(300);
  const farm = await startScheduler(cells, { results, slots: new SlotSet([await AwaySlot.open(home)]) });
  expect(await farm.run()).toMatchObject({ completed: 2, interrupted: 0, notRun: 0 });
  expect(stored).toBeLessThan(30);
  expect(farm.store.metricsOf('cell0').map(({ epoch }) => epoch)).toEqual(
    Array.from({ length: 30 }, (_, index) => index + 1),
  );
  expect(trainersOf(farm, 'cell0').size).toBe(1);
  expect(farm.store.runsOf('cell0').map(({ attempt, state }) => [attempt, state])).toEqual([
    [1, 'completed'],
  ]);
  // The second cell waited for the slot.
  expect(farm.store.runsOf('cell1').map(({ attempt }) => attempt)).toEqual([1]);
  farm.store.close();
});

it('what has ended while no runner was there is told to the next one', async () => {
  const cells = [{ epochs: 6, params: { epochMs: 20 } }];
  const { results, home } = await killedRunner(cells, { epochs: 1 });
  await sleep(1500);
  const farm = await startScheduler(cells, { results, slots: new SlotSet([await AwaySlot.open(home)]) });
  expect(await farm.run()).toMatchObject({ completed: 1 });
  expect(farm.store.metricsOf('cell0')).toHaveLength(6);
  expect(farm.store.runsOf('cell0')).toHaveLength(1);
  farm.store.close();
});

it('a run whose slot has forgotten it is lost, and the cell runs again from its checkpoint here', async () => {
  const cells = [{ epochs: 12, params: { epochMs: 30 } }];
  const { results, home } = await killedRunner(cells, { epochs: 4 });
  const slot = await AwaySlot.open(home);
  await slot.close();
  rmSync(join(home, 'cell0-1'), { recursive: true });
  const farm = await startScheduler(cells, { results, slots: new SlotSet([await AwaySlot.open(home)]) });
  expect(await farm.run()).toMatchObject({ completed: 1 });
  const runs = farm.store.runsOf('cell0');
  expect(runs.map(({ state }) => state)).toEqual(['failed', 'completed']);
  expect(runs[0]!.failure).toMatchObject({
    class: 'lostSlot',
    message: expect.stringMatching(/doesn't know run/),
  });
  expect(runs[1]!.resumedFromEpoch).toBeGreaterThanOrEqual(3);
  expect(farm.store.metricsOf('cell0').map(({ epoch }) => epoch)).toEqual(
    Array.from({ length: 12 }, (_, index) => index + 1),
  );
  farm.store.close();
});

it('a run whose slot isn’t there any more runs elsewhere, and what it still tells is nobody’s', async () => {
  const cells = [{ epochs: 8, params: { epochMs: 30 } }];
  const { results, home } = await killedRunner(cells, { epochs: 3 });
  const farm = await startScheduler(cells, { results, slots: new SlotSet(await openLocal({ cpus: 1 })) });
  expect(await farm.run()).toMatchObject({ completed: 1 });
  const runs = farm.store.runsOf('cell0');
  expect(runs.map(({ state, slotId }) => [state, slotId])).toEqual([
    ['interrupted', 'away/0'],
    ['completed', 'local/cpu0'],
  ]);
  expect(farm.store.metricsOf('cell0')).toHaveLength(8);
  farm.store.close();
  await (await AwaySlot.open(home)).close();
});

it('a slot that comes back only later is waited for, where slots may come', async () => {
  const cells = [{ epochs: 20, params: { epochMs: 30 } }];
  const { results, home } = await killedRunner(cells, { epochs: 2 });
  const slots = new SlotSet(await openLocal({ cpus: 1 }));
  slots.mayGrow = true;
  const farm = await startScheduler(cells, { results, slots });
  setTimeout(async () => slots.join(await AwaySlot.open(home)), 400);
  expect(await farm.run()).toMatchObject({ completed: 1 });
  expect(farm.store.runsOf('cell0')).toHaveLength(1);
  expect(trainersOf(farm, 'cell0').size).toBe(1);
  farm.store.close();
});

it('a slot that doesn’t come back is waited for no longer than it may take', async () => {
  const cells = [{ epochs: 5, params: { epochMs: 20 } }];
  const { results, home } = await killedRunner(cells, { epochs: 2 });
  const slots = new SlotSet(await openLocal({ cpus: 1 }));
  slots.mayGrow = true;
  const farm = await startScheduler(cells, { results, slots, rejoinSeconds: 0.3 });
  const begun = performance.now();
  expect(await farm.run()).toMatchObject({ completed: 1 });
  expect(performance.now() - begun).toBeGreaterThan(290);
  expect(farm.store.runsOf('cell0').map(({ state }) => state)).toEqual(['interrupted', 'completed']);
  farm.store.close();
  await (await AwaySlot.open(home)).close();
});

it('a run of a cell that is to begin anew is not gone on with', async () => {
  const cells = [{ epochs: 6, params: { epochMs: 30 } }];
  const { results, home } = await killedRunner(cells, { epochs: 2 });
  const slots = new SlotSet([...(await openLocal({ cpus: 1 })), await AwaySlot.open(home)]);
  const farm = await startScheduler([{ ...cells[0]!, anew: true }], { results, slots });
  expect(await farm.run()).toMatchObject({ completed: 1 });
  expect(farm.store.runsOf('cell0').map(({ attempt, state }) => [attempt, state])).toEqual([
    [1, 'interrupted'],
    [2, 'completed'],
  ]);
  farm.store.close();
});

it('an adopted run is drained and cancelled as any other', async () => {
  const cells = [{ epochs: 1000, params: { epochMs: 20 } }];
  const { results, home } = await killedRunner(cells, { epochs: 2 });
  const farm = await startScheduler(cells, { results, slots: new SlotSet([await AwaySlot.open(home)]) });
  farm.onEvent(event => {
    if (event.type === 'trainer' && event.event.type === 'epoch' && event.event.epoch > 20)
      farm.scheduler.drain();
  });
  expect(await farm.run()).toMatchObject({ interrupted: 1, stopped: 'drain' });
  expect(farm.store.runsOf('cell0')).toMatchObject([{ attempt: 1, state: 'interrupted' }]);
  farm.store.close();
});
