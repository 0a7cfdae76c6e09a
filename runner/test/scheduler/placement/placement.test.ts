/** Who goes where and when, with real trainers that only misbehave, and slots that tell of their time and memory. */
import { expect, it } from 'vitest';
import type { Cell } from '../../../domain/cell.js';
import type { SchedulerEvent } from '../../../domain/scheduler-event.js';
import type { OpenSlot } from '../../../slots/backend.js';
import { SlotSet } from '../../../slots/slot-set.js';
import { startScheduler } from '../../fixtures/scheduling.js';
import { openLocal } from '../../fixtures/slot-run.js';

/** Local slots that tell more of themselves. */
async function tellingSlots(
  ...tells: Partial<
    Pick<OpenSlot, 'slotId' | 'memoryMegabytes' | 'secondsLeft' | 'takesData' | 'keepsData' | 'saysGpu'>
  >[]
) {
  const slots = await openLocal({ cpus: tells.length });
  return new SlotSet(slots.map((slot, index) => Object.assign(slot, { shares: undefined }, tells[index])));
}

const startedIn = (events: readonly SchedulerEvent[]) =>
  events.flatMap(event => (event.type === 'runStarted' ? [event.cellId] : []));

/** As if each epoch took its `epochMs`. */
const times = {
  version: 1,
  epochSeconds: ({ spec }: Cell) => (spec.params as { epochMs: number }).epochMs / 1000,
};

it('the longest cells go first where that shortens the whole; what the user prefers and what was begun before', async () => {
  const cell = (epochMs: number, rest = {}) => ({ epochs: 2, params: { epochMs }, ...rest });
  const farm = await startScheduler(
    [
      cell(10),
      cell(20),
      cell(30),
      cell(40),
      cell(250),
      cell(10, { priority: 1 }),
      cell(10, { fromEpoch: 1 }),
    ],
    { slots: 2, times },
  );
  expect(await farm.run()).toMatchObject({ completed: 7 });
  expect(startedIn(farm.events)).toEqual(['cell5', 'cell6', 'cell4', 'cell3', 'cell2', 'cell1', 'cell0']);
  farm.store.close();
});

it('without known times cells go in the grid’s order', async () => {
  const farm = await startScheduler([{}, {}, {}, {}], { slots: 1 });
  await farm.run();
  expect(startedIn(farm.events)).toEqual(['cell0', 'cell1', 'cell2', 'cell3']);
  farm.store.close();
});

it('one cell of a model tries it before the others go, while there are other models', async () => {
  const of = (model: string) => ({ model, epochs: 3, params: { epochMs: 150 } });
  const farm = await startScheduler([of('a'), of('a'), of('a'), of('b'), of('b')], { slots: 2 });
  expect(await farm.run()).toMatchObject({ completed: 5 });
  expect(startedIn(farm.events).slice(0, 2)).toEqual(['cell0', 'cell3']);
  farm.store.close();
  // With one model alone all slots work from the beginning.
  const alone = await startScheduler([of('a'), of('a'), of('a')], { slots: 2 });
  await alone.run();
  expect(
    alone.events.filter(({ type }) => type === 'runStarted' || type === 'runEnded').slice(0, 2),
  ).toMatchObject([{ type: 'runStarted' }, { type: 'runStarted' }]);
  alone.store.close();
});

it('a slot whose time is nearly over hands its run on, which goes on elsewhere from its epoch', async () => {
  let left = 100;
  const slots = await tellingSlots({}, { secondsLeft: () => left });
  const params = { epochMs: 100 };
  const farm = await startScheduler(
    [
      { epochs: 30, params },
      { epochs: 30, params },
    ],
    { slots },
  );
  farm.onEvent(event => {
    if (event.type === 'trainer' && event.slotId === 'local/cpu1' && event.event.type === 'epoch') left = 20;
  });
  expect(await farm.run()).toEqual({ completed: 2, failed: 0, interrupted: 0, notRun: 0 });
  expect(farm.events.find(({ type }) => type === 'slotLeft')).toMatchObject({
    slotId: 'local/cpu1',
    reason: 'its time is nearly over',
  });
  const runs = ['cell0', 'cell1'].map(cellId => farm.store.runsOf(cellId));
  const moved = runs.find(of => of.length === 2)!;
  expect(moved.map(({ state, slotId }) => [state, slotId])).toEqual([
    ['interrupted', 'local/cpu1'],
    ['completed', 'local/cpu0'],
  ]);
  expect(moved[1]!.resumedFromEpoch).toBeGreaterThan(0);
  farm.store.close();
});

it('when all slots’ time is over the run ends with words, and keeps what is done', async () => {
  const until = performance.now() + 2500;
  const slots = await tellingSlots({ secondsLeft: () => 30 + (until - performance.now()) / 1000 });
  const farm = await startScheduler([{ epochs: 1000, params: { epochMs: 100 } }, {}], { slots });
  expect(await farm.run()).toMatchObject({ completed: 0, interrupted: 1, notRun: 1, stopped: 'noSlotLeft' });
  expect(farm.store.metricsOf('cell0').length).toBeGreaterThan(0);
  farm.store.close();
});

it('a cell that ran out of memory is tried on a larger slot, and waits for it', async () => {
  const slots = await tellingSlots({ memoryMegabytes: 1000 }, { memoryMegabytes: 4000 });
  const farm = await startScheduler(
    [
      { params: { misbehave: 'outOfMemoryExit', misbehaveUntil: 1 } },
      { epochs: 10, params: { epochMs: 100 } },
      {},
      {},
    ],
    { slots },
  );
  expect(await farm.run()).toMatchObject({ completed: 4 });
  expect(farm.store.runsOf('cell0').map(({ state, slotId }) => [state, slotId])).toEqual([
    ['failed', 'local/cpu0'],
    ['completed', 'local/cpu1'],
  ]);
  farm.store.close();
});

it('a value whose cells come to NaN is left, with words; the others go on, and a retry lets it be tried again', async () => {
  const of = (optimizer: string, model: string) => ({
    labels: { optimizer, model },
    ...(optimizer === 'bad' && { params: { misbehave: 'nan' } }),
  });
  const models = ['a', 'b', 'c', 'd', 'e'];
  const cells = models.flatMap(model => [of('bad', model), of('good', model)]);
  const farm = await startScheduler(cells);
  expect(await farm.run()).toEqual({
    ...{ completed: 5, failed: 3, interrupted: 0, notRun: 2 },
    broken: ['optimizer=bad'],
  });
  expect(farm.events.filter(({ type }) => type === 'broken')).toEqual([
    { type: 'broken', values: 'optimizer=bad' },
  ]);
  expect(farm.store.countsByState('grid')).toMatchObject({ failed: 3, queued: 2 });
  farm.store.close();
  // What earlier runs found counts, too.
  const outcomes = models.slice(0, 3).map((model, index) => ({
    ...{ cellId: `other${index}`, labels: { optimizer: 'bad', model }, outcome: 'nan' as const },
  }));
  const next = await startScheduler([of('bad', 'd'), of('good', 'd')], { outcomes });
  expect(await next.run()).toMatchObject({ completed: 1, failed: 0, notRun: 1 });
  next.store.close();
});

it('data are sent to as few machines as cells need', async () => {
  const takes = (slotId: string) => ({ slotId, takesData: true });
  const cell = { epochs: 1, params: { epochMs: 400 } };
  const farm = await startScheduler([cell, cell], {
    slots: await tellingSlots(takes('a/cpu0'), takes('b/cpu0'), takes('a/cpu1')),
  });
  expect(await farm.run()).toMatchObject({ completed: 2 });
  const used = farm.events.flatMap(event => (event.type === 'runStarted' ? [event.slotId] : []));
  expect(used).toEqual(['a/cpu0', 'a/cpu1']);
  farm.store.close();
});

it('machines that keep the data from an earlier run go before others', async () => {
  const slots = await tellingSlots(
    { slotId: 'a/cpu0', takesData: true, keepsData: () => false },
    { slotId: 'b/cpu0', takesData: true, keepsData: ({ root }) => root === '/nowhere' },
  );
  const farm = await startScheduler([{ epochs: 1 }], { slots });
  expect(await farm.run()).toMatchObject({ completed: 1 });
  expect(farm.store.runsOf('cell0').map(({ slotId }) => slotId)).toEqual(['b/cpu0']);
  farm.store.close();
});

it('a machine that says it has a GPU, and trains without, takes no more cells: they go on elsewhere', async () => {
  const says = { slotId: 'box/gpu0', saysGpu: true };
  const farm = await startScheduler(
    [
      { epochs: 4, params: { epochMs: 100 } },
      { epochs: 4, params: { epochMs: 100 } },
    ],
    { slots: await tellingSlots(says, {}) },
  );
  expect(await farm.run()).toMatchObject({ completed: 2 });
  expect(farm.events.find(({ type }) => type === 'slotLeft')).toMatchObject({
    slotId: 'box/gpu0',
    reason: expect.stringMatching(
      /^it is offered as .*, and its trainer runs on cpu \(none\): give it CPU slots/,
    ),
  });
  const runs = farm.events.flatMap(event => (event.type === 'runStarted' ? [event.slotId] : []));
  expect(runs.filter(slotId => slotId === 'box/gpu0')).toHaveLength(1);
  farm.store.close();
});
