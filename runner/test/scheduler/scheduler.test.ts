import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { StoreError } from '../../store/store-error.js';
import { startScheduler } from '../fixtures/scheduling.js';

it('runs every cell once over the slots and stores everything', async () => {
  const { run, store, paths, events } = await startScheduler([{}, {}, {}, {}, {}], { slots: 2 });
  expect(await run()).toEqual({ completed: 5, failed: 0, interrupted: 0, notRun: 0 });
  expect(store.countsByState('grid').completed).toBe(5);
  expect(store.metricsOf('cell3').map(({ epoch, step }) => ({ epoch, step }))).toEqual([
    { epoch: 1, step: 10 },
    { epoch: 2, step: 20 },
  ]);
  expect(store.runsOf('cell3')[0]).toMatchObject({
    state: 'completed',
    weightsHash: 'hash-3',
    classes: 2,
    provenance: { dataFingerprint: 'data' },
  });
  expect(JSON.parse(readFileSync(paths.cell('cell3').runSpec, 'utf8')).seed).toBe(3);
  expect(existsSync(paths.cell('cell3').process)).toBe(false);
  const slots = new Set(events.flatMap(event => (event.type === 'runStarted' ? [event.slotId] : [])));
  expect([...slots].sort()).toEqual(['local/cpu0', 'local/cpu1']);
});

it('tries a crashed cell again, and goes on with the others', async () => {
  const { run, store } = await startScheduler([
    { params: { misbehave: 'crash', misbehaveUntil: 2 } },
    { params: { misbehave: 'exit', misbehaveUntil: 1 } },
    {},
  ]);
  expect(await run()).toMatchObject({ completed: 3, failed: 0 });
  expect(store.runsOf('cell0').map(({ state }) => state)).toEqual(['failed', 'failed', 'completed']);
  expect(store.runsOf('cell0')[0]!.failure).toMatchObject({ class: 'crash' });
});

it('gives up after the attempts that the policy allows', async () => {
  const { run, store } = await startScheduler([{ params: { misbehave: 'outOfMemoryExit' } }, {}]);
  expect(await run()).toMatchObject({ completed: 1, failed: 1 });
  expect(store.runsOf('cell0')).toHaveLength(2);
});

it.each(['nan', 'badConfiguration'])('never tries %s again, and keeps the slot', async misbehave => {
  const cells = Array.from({ length: 4 }, () => ({ params: { misbehave } }));
  const { run, store, events } = await startScheduler(cells);
  const summary = await run();
  expect(summary).toEqual({ completed: 0, failed: 4, interrupted: 0, notRun: 0 });
  expect(store.runsOf('cell0')).toHaveLength(1);
  expect(events.some(({ type }) => type === 'slotBenched')).toBe(false);
});

it('fails a cell that takes too long', async () => {
  const { run, store } = await startScheduler([{ params: { misbehave: 'hang' } }, {}], {
    timeoutSeconds: 1.5,
  });
  expect(await run()).toMatchObject({ completed: 1, failed: 1 });
  expect(store.runsOf('cell0')[0]!.failure).toMatchObject({
    class: 'timeout',
    message: expect.stringContaining('1.5 s'),
  });
});

it('stops with words when every slot has failed with several cells', async () => {
  const cells = Array.from({ length: 6 }, () => ({ params: { misbehave: 'words' } }));
  const { run, events, store } = await startScheduler(cells);
  const summary = await run();
  expect(summary.stopped).toBe('noSlotLeft');
  expect(summary.completed).toBe(0);
  expect(summary.notRun).toBeGreaterThan(0);
  expect(events.find(({ type }) => type === 'slotBenched')).toMatchObject({
    slotId: 'local/cpu0',
    reason: expect.stringContaining('something dreadful'),
  });
  expect(store.countsByState('grid').queued).toBe(summary.notRun);
});

it('drains: running cells end after their epoch, no new one begins', async () => {
  const params = { epochMs: 40 };
  const started = await startScheduler([{ params, epochs: 50 }, { params, epochs: 50 }, {}], { slots: 2 });
  started.onEvent(event => {
    if (event.type === 'trainer' && event.event.type === 'epoch') started.scheduler.drain();
  });
  const summary = await started.run();
  expect(summary).toEqual({ completed: 0, failed: 0, interrupted: 2, notRun: 1, stopped: 'drain' });
  expect(started.store.countsByState('grid')).toMatchObject({ interrupted: 2, queued: 1, running: 0 });
});

it('kills what ignores the drain', async () => {
  const started = await startScheduler([{ params: { misbehave: 'hang' } }, {}]);
  started.onEvent(event => {
    if (event.type !== 'trainer' || event.event.type !== 'started') return;
    started.scheduler.drain();
    setTimeout(() => started.scheduler.kill(), 50);
  });
  expect(await started.run()).toMatchObject({ interrupted: 1, notRun: 1, stopped: 'kill' });
  expect(started.store.runsOf('cell0')[0]!.state).toBe('interrupted');
});

it('does not wait for the pause before a retry when it drains', async () => {
  const retry = { ...(await import('../../domain/retry-policy.js')).defaultRetryPolicy };
  retry.crash = { attempts: 3, backoffSeconds: 3600 };
  const started = await startScheduler([{ params: { misbehave: 'exit' } }], { retry });
  started.onEvent(event => {
    if (event.type === 'runEnded') setTimeout(() => started.scheduler.drain(), 20);
  });
  expect(await started.run()).toMatchObject({ failed: 0, notRun: 1, stopped: 'drain' });
  expect(started.store.countsByState('grid').queued).toBe(1);
});

it('leaves a cell that another process is running, and goes on with the others', async () => {
  const { run, store } = await startScheduler([{}, {}]);
  const startRun = store.startRun.bind(store);
  store.startRun = (cellId, slotId) => {
    if (cellId === 'cell0') throw new StoreError('cellIsRunning', 'cell0 is being run by process 1');
    return startRun(cellId, slotId);
  };
  expect(await run()).toMatchObject({ completed: 1, notRun: 1 });
});

it('kills the runs and says why when results can no longer be stored', async () => {
  const started = await startScheduler([{ params: { epochMs: 50 }, epochs: 1000 }, {}], { slots: 2 });
  started.onEvent(event => {
    if (event.type === 'trainer' && event.event.type === 'epoch') started.store.close();
  });
  await expect(started.run()).rejects.toThrow();
});
