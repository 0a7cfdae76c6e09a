/** Conditions of the machine: slots and cells wait for them, and no cell fails because of them. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { SchedulerEvent } from '../../domain/scheduler-event.js';
import { StoreError } from '../../store/store-error.js';
import { startScheduler } from '../fixtures/scheduling.js';

const diskFull = { class: 'environment', message: 'the disk is full (ENOSPC)' };
const typesOf = (events: SchedulerEvent[]) => events.map(({ type }) => type);

it('lets the slot wait, and counts no attempt against the cell', async () => {
  const cells = [{ params: { misbehave: 'environment', misbehaveUntil: 2 } }, {}];
  const { run, store, events } = await startScheduler(cells);
  expect(await run()).toEqual({ completed: 2, failed: 0, interrupted: 0, notRun: 0 });
  const runs = store.runsOf('cell0');
  expect(runs.map(({ state }) => state)).toEqual(['interrupted', 'interrupted', 'completed']);
  expect(runs[0]!.failure).toEqual(diskFull);
  expect(events.filter(({ type }) => type === 'slotWaiting')).toHaveLength(2);
  expect(events.find(({ type }) => type === 'slotWaiting')).toMatchObject({
    slotId: 'local/cpu0',
    reason: diskFull.message,
    sinceMs: expect.closeTo(Date.now(), -5),
  });
  expect(typesOf(events)).toContain('slotReady');
});

it('gives up after the limit: the slot is out of use, and all cells are left to do', async () => {
  const { run, store, events } = await startScheduler([{ params: { misbehave: 'environment' } }, {}], {
    waitSeconds: 0.2,
  });
  expect(await run()).toEqual({
    completed: 0,
    failed: 0,
    interrupted: 1,
    notRun: 1,
    stopped: 'noSlotLeft',
    benched: [{ slotId: 'local/cpu0', reason: diskFull.message, sinceMs: expect.closeTo(Date.now(), -5) }],
  });
  expect(events.findLast(({ type }) => type === 'slotBenched')).toMatchObject({ reason: diskFull.message });
  expect(store.countsByState('grid')).toMatchObject({ failed: 0, interrupted: 1, queued: 1 });
});

it('ends a wait when the user stops the run', async () => {
  const started = await startScheduler([{ params: { misbehave: 'environment' } }], { waitSeconds: 3600 });
  started.onEvent(event => {
    if (event.type === 'slotWaiting') setTimeout(() => started.scheduler.drain(), 20);
  });
  expect(await started.run()).toMatchObject({ failed: 0, interrupted: 1, stopped: 'drain' });
});

it('runs the other cells while one cell’s folder can’t be used, and that one when it can', async () => {
  const started = await startScheduler([{}, {}, {}]);
  const { root } = started.paths.cell('cell0');
  mkdirSync(started.paths.cells, { recursive: true });
  writeFileSync(root, 'a file where the folder belongs');
  started.onEvent(event => {
    if (event.type === 'runEnded' && event.cellId === 'cell2') rmSync(root, { force: true });
  });
  expect(await started.run()).toEqual({ completed: 3, failed: 0, interrupted: 0, notRun: 0 });
  const runs = started.store.runsOf('cell0');
  expect(runs.map(({ state }) => state)).toEqual(['interrupted', 'completed']);
  expect(runs[0]!.failure).toMatchObject({ class: 'environment', message: expect.stringContaining(root) });
  expect(typesOf(started.events)).not.toContain('slotWaiting');
});

it('leaves a cell whose folder stays unusable for the next time', async () => {
  const started = await startScheduler([{}, {}], { waitSeconds: 0.2 });
  mkdirSync(started.paths.cells, { recursive: true });
  writeFileSync(started.paths.cell('cell0').root, '');
  expect(await started.run()).toEqual({ completed: 1, failed: 0, interrupted: 1, notRun: 0 });
});

it('waits until the store can be written, and loses nothing', async () => {
  const { run, store, events } = await startScheduler([{}]);
  const real = { startRun: store.startRun, recordEpoch: store.recordEpoch, finishRun: store.finishRun };
  for (const [name, write] of Object.entries(real)) {
    let refusals = 1;
    Object.assign(store, {
      [name](...args: Parameters<typeof write>) {
        if (refusals-- > 0) throw new StoreError('diskFull', 'store.db: the disk is full');
        return (write as (...all: unknown[]) => unknown).apply(store, args);
      },
    });
  }
  expect(await run()).toMatchObject({ completed: 1 });
  expect(store.metricsOf('cell0')).toHaveLength(2);
  expect(events.filter(({ type }) => type === 'slotWaiting')).toHaveLength(3);
  expect(events.filter(({ type }) => type === 'slotReady')).toHaveLength(3);
});

it('does not count what a trainer waits against the time limit of its run', async () => {
  const { run, events } = await startScheduler([{ params: { misbehave: 'waits', waitMs: 1500 } }], {
    timeoutSeconds: 1.2,
  });
  expect(await run()).toMatchObject({ completed: 1, failed: 0 });
  expect(events.find(({ type }) => type === 'slotWaiting')).toMatchObject({ reason: diskFull.message });
});

it('ends a run that waits too long, and goes on with other cells where the machine is fit', async () => {
  const { run, store } = await startScheduler([{ params: { misbehave: 'waits', waitMs: 1e9 } }, {}], {
    waitSeconds: 0.3,
  });
  expect(await run()).toEqual({ completed: 1, failed: 0, interrupted: 1, notRun: 0 });
  expect(store.runsOf('cell0')).toMatchObject([{ state: 'interrupted', failure: diskFull }]);
});

it.each([
  ['outOfMemoryExit', 60],
  ['hang', 1.5],
])('never takes a slot out of use for what the cell needs (%s)', async (misbehave, timeoutSeconds) => {
  const cells = [...Array.from({ length: 3 }, () => ({ params: { misbehave } })), {}];
  const { run, events } = await startScheduler(cells, { timeoutSeconds });
  expect(await run()).toMatchObject({ completed: 1, failed: 3, notRun: 0 });
  expect(typesOf(events)).not.toContain('slotBenched');
});
