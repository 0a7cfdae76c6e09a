/** Cells that share memory: how many at a time, and what becomes of one that runs out of it. Real trainers that hold what they are told. */
import { expect, it } from 'vitest';
import type { Cell } from '../../../domain/cell.js';
import type { SchedulerEvent } from '../../../domain/scheduler-event.js';
import { KnownMemory } from '../../../planning/known-memory.js';
import { hasRoom, roomOf, roomsFor } from '../../../scheduler/placement/rooms.js';
import type { OpenSlot } from '../../../slots/backend.js';
import { SlotSet } from '../../../slots/slot-set.js';
import { fixtureSpec } from '../../fixtures/run-spec.js';
import { type FixtureCell, quickRetry, startScheduler } from '../../fixtures/scheduling.js';
import { openLocal } from '../../fixtures/slot-run.js';

const gpu = { name: 'gpu0', of: 'gpu' as const, megabytes: 10_000, isMeasured: true };
const needs = (megabytes: number | undefined, isAlone = false) => ({ megabytes, isAlone });

it.each([
  ['the first one, whatever it needs', needs(undefined), [], true],
  ['the first one, however much that is', needs(20_000), [], true],
  ['one that fits', needs(3000), [needs(3000)], true],
  ['three that fit', needs(2800), [needs(2800), needs(2800)], true],
  ['none that fits without a margin alone', needs(3100), [needs(3100), needs(3100)], false],
  ['none whose need nobody knows', needs(undefined), [needs(100)], false],
  ['none beside one whose need nobody knows', needs(100), [needs(undefined)], false],
  ['none beside one that is to be alone', needs(100), [needs(100, true)], false],
  ['none that is to be alone beside another', needs(100, true), [needs(100)], false],
])('memory takes %s', (_, cell, there, takes) => {
  expect(hasRoom(cell, roomOf(gpu, there))).toBe(takes);
});

it('slots that are counted take any, but for who is to be alone', () => {
  const fixed = { ...gpu, isMeasured: false };
  expect(hasRoom(needs(undefined), roomOf(fixed, [needs(9000)]))).toBe(true);
  expect(hasRoom(needs(1), roomOf(fixed, [needs(1, true)]))).toBe(false);
  expect(hasRoom(needs(1, true), roomOf(fixed, [needs(1)]))).toBe(false);
});

it('counts those that fit', () => {
  expect(roomsFor(2800, gpu)).toBe(3);
  expect(roomsFor(50_000, gpu)).toBe(1);
  expect(roomsFor(undefined, gpu)).toBe(1);
});

const cellOf = (changes: FixtureCell, index = 0): Cell => ({
  ...{ cellId: `cell${index}`, index, labels: {} },
  spec: fixtureSpec({ seed: index, ...changes }),
});

it('knows a need by like cells: the least of whole runs, else the most that was seen, of its engine first', () => {
  const [a, b, other] = [cellOf({}), cellOf({}, 1), cellOf({ model: 'resnet18' }, 2)];
  const run = (cellId: string, megabytes: number, isWhole: boolean, engine = 'wasm') => ({
    ...{ cellId, megabytes, gpuMegabytes: null, engine, isWhole },
  });
  const all = [run('cell0', 900, true), run('cell1', 700, true), run('cell0', 500, false)];
  const known = new KnownMemory([a, b, other], [...all, run('cell1', 2000, true, 'tensorflow')]);
  expect(known.megabytesOf(a, 'machine', 'wasm')).toBe(700);
  expect(known.megabytesOf(b, 'machine', 'tensorflow')).toBe(2000);
  expect(known.megabytesOf(other, 'machine')).toBeUndefined();
  expect(known.megabytesOf(a, 'gpu')).toBeUndefined();
  expect(
    new KnownMemory([a], [run('cell0', 500, false), run('cell0', 600, false)]).megabytesOf(a, 'machine'),
  ).toBe(600);
});

/** Most runs at a time. */
function mostAtOnce(events: readonly SchedulerEvent[]): number {
  let now = 0;
  return events.reduce((most, { type }) => {
    now += type === 'runStarted' ? 1 : type === 'runEnded' ? -1 : 0;
    return Math.max(most, now);
  }, 0);
}

async function sharing(megabytes: number, cells: FixtureCell[], isMeasured = true) {
  const slots = await openLocal({ cpus: 4, share: 'auto' });
  const shares = { ...slots[0]!.shares!, megabytes, isMeasured };
  const set = new SlotSet(slots.map(slot => Object.assign(slot, { shares })));
  const memory = new KnownMemory(cells.map(cellOf), []);
  const farm = await startScheduler(cells, { slots: set, memory });
  farm.onEvent(event => memory.observe(event));
  return farm;
}

/** Its trainer holds some 50 MB. */
const short = { epochs: 3, params: { epochMs: 400 } };

it('one cell is measured alone, then as many go as fit', async () => {
  const farm = await sharing(1000, [short, short, short, short, short, short, short]);
  expect(await farm.run()).toMatchObject({ completed: 7 });
  expect(mostAtOnce(farm.events)).toBe(4);
  const alone = farm.events.findIndex(({ type }) => type === 'trainer');
  expect(mostAtOnce(farm.events.slice(0, alone))).toBe(1);
  const measured = farm.events.findIndex(event => event.type === 'trainer' && event.event.type === 'memory');
  expect(mostAtOnce(farm.events.slice(0, measured))).toBe(1);
  const known = farm.store.measuredMemory(['cell0', 'cell6']);
  expect(known.map(({ cellId, isWhole }) => [cellId, isWhole])).toEqual([
    ['cell0', true],
    ['cell6', true],
  ]);
  expect(farm.store.runsOf('cell0')[0]!.memory!.megabytes).toBe(known[0]!.megabytes);
  farm.store.close();
});

it('no more go than fit, and each does in the end', async () => {
  const farm = await sharing(80, [short, short, short]);
  expect(await farm.run()).toMatchObject({ completed: 3 });
  expect(mostAtOnce(farm.events)).toBe(1);
  farm.store.close();
});

it('one that ran out of memory beside others is tried alone, where nobody joins it', async () => {
  const out = { epochs: 3, params: { misbehave: 'outOfMemoryExit', misbehaveUntil: 1, epochMs: 300 } };
  const cells = [short, out, short, short, short, short];
  const farm = await sharing(10_000, cells, false);
  expect(await farm.run()).toMatchObject({ completed: 6, failed: 0 });
  const [first, second] = farm.store.runsOf('cell1');
  expect(first!.failure!.message).toMatch(/ran out of memory; that was beside [123] others? on local\/cpu/);
  const during = farm.events.slice(
    farm.events.findLastIndex(event => event.type === 'runStarted' && event.cellId === 'cell1'),
    farm.events.findLastIndex(event => event.type === 'runEnded' && event.cellId === 'cell1'),
  );
  expect(during.filter(({ type }) => type === 'runStarted')).toHaveLength(1);
  for (const { cellId } of [0, 2, 3, 4, 5].map(index => ({ cellId: `cell${index}` })))
    for (const { startedMs, endedMs } of farm.store.runsOf(cellId))
      expect(startedMs >= second!.endedMs! || endedMs! <= second!.startedMs).toBe(true);
  farm.store.close();
});

it('one that runs out of memory alone where there is most of it fails for good, and says what would help', async () => {
  const out = { epochs: 3, params: { misbehave: 'outOfMemoryExit', epochMs: 300 } };
  const slots = (await openLocal({ cpus: 2 })) as [OpenSlot, OpenSlot];
  for (const [index, slot] of slots.entries())
    Object.assign(slot, {
      shares: { name: `m${index}`, of: 'machine', megabytes: 1000 * (index + 1), isMeasured: false },
    });
  const farm = await startScheduler([out, short, short], { slots: new SlotSet(slots), retry: quickRetry });
  expect(await farm.run()).toMatchObject({ completed: 2, failed: 1 });
  const runs = farm.store.runsOf('cell0');
  expect(runs.map(({ slotId }) => slotId)).toEqual(['local/cpu0', 'local/cpu1']);
  expect(runs[0]!.failure!.message).toMatch(
    /; that was alone on local\/cpu0(, where it was seen to hold \d+ MB of 1000 MB)?;/,
  );
  expect(runs[1]!.failure!.message).toContain('no slot here has more memory: it takes one that has');
  farm.store.close();
});
