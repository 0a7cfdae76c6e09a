import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { OpenSlot } from '../../slots/backend.js';
import { SlotSet } from '../../slots/slot-set.js';
import { AwaySlot } from '../fixtures/away/away-slot.js';
import { type FixtureCell, startScheduler } from '../fixtures/scheduling.js';
import { openLocal } from '../fixtures/slot-run.js';

const slow = (count: number, epochMs = 60): FixtureCell[] =>
  Array.from({ length: count }, () => ({ epochs: 4, params: { epochMs } }));

type Farm = Awaited<ReturnType<typeof startScheduler>>;

const slotsUsed = ({ events }: Farm) =>
  new Set(events.flatMap(event => (event.type === 'runStarted' ? [event.slotId] : [])));

/** The most runs that went on at a time. */
function width({ events }: Farm): number {
  let running = 0;
  return Math.max(
    ...events.map(({ type }) => {
      if (type === 'runStarted') running++;
      if (type === 'runEnded') running--;
      return running;
    }),
  );
}

it('slots that join while a grid runs take cells at once', async () => {
  const [first, ...others] = await openLocal({ cpus: 3 });
  const farm = await startScheduler(slow(9), { slots: new SlotSet([first!]) });
  setTimeout(() => {
    for (const slot of others) farm.slots.join(slot);
  }, 300);
  expect(await farm.run()).toMatchObject({ completed: 9 });
  expect([...slotsUsed(farm)].sort()).toEqual(['local/cpu0', 'local/cpu1', 'local/cpu2']);
  expect(width(farm)).toBe(3);
  expect(farm.events.filter(({ type }) => type === 'slotJoined')).toHaveLength(2);
  farm.store.close();
});

it('a grid whose slots may come begins with none, and waits', async () => {
  const slots = new SlotSet();
  slots.mayGrow = true;
  const farm = await startScheduler(slow(3, 0), { slots });
  setTimeout(async () => slots.join((await openLocal({ cpus: 1 }))[0]!), 300);
  expect(await farm.run()).toMatchObject({ completed: 3 });
  farm.store.close();
});

it('a slot of a name that is there already is refused', async () => {
  const [one] = await openLocal({ cpus: 1 });
  const slots = new SlotSet([one!]);
  const [two] = await openLocal({ cpus: 1 });
  expect(() => slots.join(two!)).toThrow(/local\/cpu0 is there twice/);
  await two!.close();
  await slots.close();
});

it('a slot that leaves takes its run with it; the cell goes on elsewhere, from its checkpoint', async () => {
  const slots = new SlotSet(await openLocal({ cpus: 1 }));
  const away = await AwaySlot.open(mkdtempSync(join(tmpdir(), 'gridfarm-away-')));
  slots.join(away);
  const farm = await startScheduler(
    [
      { epochs: 12, params: { epochMs: 250 } },
      { epochs: 12, params: { epochMs: 250 } },
    ],
    { slots },
  );
  let epochs = 0;
  farm.onEvent(event => {
    if (event.type !== 'trainer' || event.slotId !== 'away/0' || event.event.type !== 'epoch') return;
    if (++epochs === 4) void away.close().then(() => slots.leave('away/0', 'its machine is gone'));
  });
  expect(await farm.run()).toMatchObject({ completed: 2 });
  const left = farm.events.find(({ type }) => type === 'slotLeft');
  expect(left).toMatchObject({ slotId: 'away/0', reason: 'its machine is gone' });
  const cell = farm.events.find(event => event.type === 'runStarted' && event.slotId === 'away/0');
  const { cellId } = cell as { cellId: string };
  const runs = farm.store.runsOf(cellId);
  expect(runs.at(-1)).toMatchObject({ state: 'completed', slotId: 'local/cpu0' });
  expect(runs.at(-1)!.resumedFromEpoch).toBeGreaterThanOrEqual(3);
  expect(farm.store.metricsOf(cellId).map(({ epoch }) => epoch)).toEqual(
    Array.from({ length: 12 }, (_, index) => index + 1),
  );
  farm.store.close();
});

it('a machine that goes away again and again before the first epoch doesn’t give the cell up', async () => {
  const slots = new SlotSet();
  slots.mayGrow = true;
  const come = async () => slots.join(await AwaySlot.open(mkdtempSync(join(tmpdir(), 'gridfarm-away-'))));
  await come();
  const farm = await startScheduler([{ epochs: 2, params: { epochMs: 400 } }], { slots });
  farm.onEvent(event => {
    if (event.type === 'runEnded' && slots.all.length === 0) void come();
    if (event.type !== 'runStarted' || event.attempt > 5) return;
    // It is gone before its run is found to be.
    const away = slots.all[0]!;
    slots.leave('away/0', 'preempted');
    void away.close();
  });
  expect(await farm.run()).toMatchObject({ completed: 1 });
  const runs = farm.events.flatMap(event => (event.type === 'runEnded' ? [event.failure?.class] : []));
  expect(runs).toEqual([...Array(5).fill('lostSlot'), undefined]);
  farm.store.close();
});

it('when the last slot leaves and none may come, the grid ends with words; where some may, it waits', async () => {
  const alone = new SlotSet(await openLocal({ cpus: 1 }));
  const farm = await startScheduler(slow(4, 30), { slots: alone });
  farm.onEvent(event => {
    if (event.type === 'runEnded') alone.leave('local/cpu0', 'switched off');
  });
  expect(await farm.run()).toMatchObject({ completed: 1, notRun: 3, stopped: 'noSlotLeft' });
  farm.store.close();

  const growing = new SlotSet(await openLocal({ cpus: 1 }));
  growing.mayGrow = true;
  const other = await startScheduler(slow(4, 30), { slots: growing });
  let replaced: OpenSlot | undefined;
  other.onEvent(event => {
    if (event.type !== 'runEnded' || replaced !== undefined) return;
    [replaced] = growing.all;
    growing.leave('local/cpu0', 'restarted');
    void sleep(200).then(async () => growing.join((await openLocal({ cpus: 1 }))[0]!));
  });
  expect(await other.run()).toMatchObject({ completed: 4 });
  await replaced!.close();
  other.store.close();
});

it('a drained slot is closed, and one of its name may join again', async () => {
  const slots = new SlotSet(await openLocal({ cpus: 2 }));
  const farm = await startScheduler(slow(8), { slots });
  let isBack = false;
  farm.onEvent(event => {
    if (event.type === 'runEnded' && !isBack) farm.scheduler.drainSlot('local/cpu1');
    if (event.type !== 'slotDrained' || isBack) return;
    isBack = true;
    expect(slots.all.map(({ slotId }) => slotId)).toEqual(['local/cpu0']);
    void openLocal({ cpus: 2 }).then(async ([other, again]) => {
      await other!.close();
      slots.join(again!);
    });
  });
  expect(await farm.run()).toMatchObject({ completed: 8 });
  const after = farm.events.slice(farm.events.findIndex(({ type }) => type === 'slotJoined'));
  expect(after.some(event => event.type === 'runStarted' && event.slotId === 'local/cpu1')).toBe(true);
  farm.store.close();
});
