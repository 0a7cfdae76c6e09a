import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { ControlDesk, type JoinSlots } from '../../scheduler/control.js';
import { steer, type Wish } from '../../scheduler/steer.js';
import { addSlots, defaultSlotEntries } from '../../slots/slots-file.js';
import { openStore } from '../../store/open-store.js';
import { StoreError } from '../../store/store-error.js';
import { startScheduler } from '../fixtures/scheduling.js';

const here = { engine: null, environment: process.env };

/** Runs cells with a control desk, as `grid run` does, and gives a way to ask as from another terminal. */
async function running(
  cells: Parameters<typeof startScheduler>[0],
  options: Parameters<typeof startScheduler>[1],
) {
  const setUp = await startScheduler(cells, options);
  const { store, paths, scheduler } = setUp;
  const summary = setUp.run();
  const joinSlots: JoinSlots = async file => {
    if (file !== null && !file.startsWith('/')) throw new Error(`${file}: no such file`);
    if (file === '/slow') await sleep(3000);
    const [local] = defaultSlotEntries;
    return addSlots(setUp.slots, [{ ...local!, settings: { cpus: 3 } }], here);
  };
  const desk = new ControlDesk('grid', store, scheduler, joinSlots);
  const other = await openStore(paths.root);
  return {
    ...setUp,
    desk,
    summary,
    async ask(wish: Omit<Wish, 'cells'> & { cell?: string; slotId?: string }) {
      const control = other.ask('grid', {
        verb: wish.verb,
        cellId: wish.cell ?? null,
        slotId: wish.slotId ?? null,
        value: wish.value ?? null,
        file: wish.file ?? null,
      });
      return vi.waitFor(() => {
        const answer = other.answerOf(control);
        if (answer === undefined) throw new Error('not answered yet');
        return answer;
      }, 5_000);
    },
    stateOf: (cellId: string) => other.cellsById([cellId]).get(cellId)?.state,
    end() {
      desk.close();
      other.close();
    },
  };
}

const slow = { epochs: 4, params: { epochs: 4, epochMs: 300 } };

it('pauses a running cell after its epoch and a queued one at once, and lets both go on', async () => {
  const { ask, stateOf, summary, events, end } = await running([slow, slow], { slots: 1 });
  await vi.waitFor(() => expect(events.some(({ type }) => type === 'runStarted')).toBe(true), 10_000);
  expect(await ask({ verb: 'pause', cell: 'cell1' })).toMatchObject({ outcome: 'done' });
  expect(stateOf('cell1')).toBe('paused');
  expect(await ask({ verb: 'pause', cell: 'cell0' })).toMatchObject({ outcome: 'done' });
  await vi.waitFor(() => expect(stateOf('cell0')).toBe('paused'), 10_000);
  await sleep(300);
  expect(events.filter(({ type }) => type === 'runStarted')).toHaveLength(1);
  expect(await ask({ verb: 'resume' })).toMatchObject({ outcome: 'done', answer: '2 cells queued again' });
  expect(await summary).toMatchObject({ completed: 2, interrupted: 0 });
  expect([stateOf('cell0'), stateOf('cell1')]).toEqual(['completed', 'completed']);
  expect(await ask({ verb: 'pause', cell: 'cell0' })).toEqual({ outcome: 'refused', answer: 'is completed' });
  end();
});

it('cancels for good, runs what is preferred first, and refuses what can’t be', async () => {
  const { ask, stateOf, summary, events, end } = await running([slow, slow, slow, slow], { slots: 1 });
  await vi.waitFor(() => expect(events.some(({ type }) => type === 'runStarted')).toBe(true), 10_000);
  expect(await ask({ verb: 'priority', cell: 'cell3', value: 7 })).toMatchObject({ outcome: 'done' });
  expect(await ask({ verb: 'cancel', cell: 'cell1' })).toMatchObject({
    outcome: 'done',
    answer: 'is stopped',
  });
  expect(await ask({ verb: 'cancel', cell: 'cell0' })).toMatchObject({ outcome: 'done' });
  expect(await ask({ verb: 'resume', cell: 'cell2' })).toEqual({
    outcome: 'refused',
    answer: 'is not paused',
  });
  expect(await ask({ verb: 'drain', slotId: 'nowhere' })).toMatchObject({ outcome: 'refused' });
  expect(await summary).toMatchObject({ completed: 2, cancelled: 2 });
  const order = events.flatMap(event => (event.type === 'runStarted' ? [event.cellId] : []));
  expect(order).toEqual(['cell0', 'cell3', 'cell2']);
  expect([stateOf('cell0'), stateOf('cell1')]).toEqual(['stopped', 'stopped']);
  end();
});

it('drains a slot: what runs on it goes on, and the others do the rest', async () => {
  const { ask, summary, events, end } = await running([slow, slow, slow, slow], { slots: 2 });
  await vi.waitFor(() => expect(events.filter(({ type }) => type === 'runStarted')).toHaveLength(2), 10_000);
  expect(await ask({ verb: 'drain', slotId: 'local/cpu1' })).toMatchObject({ outcome: 'done' });
  expect(await summary).toMatchObject({ completed: 4 });
  const onIt = events.filter(event => event.type === 'runStarted' && event.slotId === 'local/cpu1');
  expect(onIt).toHaveLength(1);
  end();
});

it('changes cells of a grid that isn’t running, for its next run', async () => {
  const { store } = await startScheduler([slow, slow, slow], { slots: 1 });
  const states = () => ['cell0', 'cell1', 'cell2'].map(id => store.cellsById([id]).get(id)!.state);
  expect(await steer(store, { verb: 'pause', cells: ['cell0'] })).toMatchObject([{ outcome: 'done' }]);
  expect(await steer(store, { verb: 'cancel', cells: ['cell1', 'cell2'] })).toMatchObject([
    { outcome: 'done' },
    { outcome: 'done' },
  ]);
  expect(states()).toEqual(['paused', 'stopped', 'stopped']);
  expect(await steer(store, { verb: 'pause', cells: ['cell1'] })).toMatchObject([
    { outcome: 'refused', answer: 'is stopped' },
  ]);
  expect(await steer(store, { verb: 'drain', cells: [] })).toMatchObject([{ outcome: 'refused' }]);
  expect(await steer(store, { verb: 'resume', cells: [] })).toMatchObject([{ outcome: 'done' }]);
  store.requeue(['cell2']);
  expect(states()).toEqual(['queued', 'stopped', 'queued']);
  await steer(store, { verb: 'priority', cells: ['cell2'], value: 3 });
  expect(store.cellsById(['cell2']).get('cell2')!.priority).toBe(3);
  store.close();
});

it.each(['recordEpoch', 'recordStarted', 'finishRun'] as const)(
  'a run whose lease is lost before %s is stored ends alone; the others go on',
  async method => {
    const setUp = await startScheduler([slow, slow], { slots: 1 });
    const { store } = setUp;
    const original = store[method].bind(store) as (...parameters: unknown[]) => boolean;
    let isFirst = true;
    Object.assign(store, {
      [method]: (run: { cellId: string }, ...rest: unknown[]) => {
        // As whoever finds the owner silent for too long does it.
        if (isFirst && run.cellId === 'cell0') store.requeue(['cell0']);
        isFirst = false;
        return original(run, ...rest);
      },
    });
    expect(await setUp.run()).toMatchObject({ completed: 1, interrupted: 1, failed: 0 });
    expect(store.cellsById(['cell0']).get('cell0')!.state).toBe('queued');
    expect(store.cellsById(['cell1']).get('cell1')!.state).toBe('completed');
    store.close();
  },
);

it('answers with the words of the store where another runner has the cell', async () => {
  const { ask, scheduler, store, summary, events, end } = await running([slow, slow], { slots: 1 });
  await vi.waitFor(() => expect(events.some(({ type }) => type === 'runStarted')).toBe(true), 10_000);
  await ask({ verb: 'pause', cell: 'cell1' });
  const requeue = vi.spyOn(store, 'requeue').mockImplementationOnce(() => {
    throw new StoreError('cellIsRunning', 'cell cell1 is being run by process 1 on elsewhere');
  });
  expect(await ask({ verb: 'resume', cell: 'cell1' })).toEqual({
    outcome: 'refused',
    answer: 'cell cell1 is being run by process 1 on elsewhere',
  });
  requeue.mockRestore();
  scheduler.kill();
  expect(await summary).toMatchObject({ interrupted: 1, paused: 1 });
  end();
});

it('takes a cell that has failed or was cancelled up again, while it runs', async () => {
  const failing = { epochs: 1, params: { epochs: 1, misbehave: 'nan', misbehaveUntil: 1 } };
  const { ask, summary, events, stateOf, end } = await running([failing, slow, slow], { slots: 1 });
  await vi.waitFor(() => expect(stateOf('cell0')).toBe('failed'), 10_000);
  expect(await ask({ verb: 'retry', cell: 'cell1' })).toMatchObject({ outcome: 'refused' });
  expect(await ask({ verb: 'cancel', cell: 'cell2' })).toMatchObject({ outcome: 'done' });
  expect(await ask({ verb: 'retry', cell: 'cell2' })).toEqual({ outcome: 'done', answer: 'is queued again' });
  expect(await ask({ verb: 'retry', cell: 'cell0' })).toEqual({ outcome: 'done', answer: 'is queued again' });
  expect(await summary).toEqual({ completed: 3, failed: 0, interrupted: 0, notRun: 0 });
  const attempts = events.flatMap(event =>
    event.type === 'runStarted' ? [`${event.cellId} ${event.attempt}`] : [],
  );
  expect(attempts.sort()).toEqual(['cell0 1', 'cell0 2', 'cell1 1', 'cell2 1']);
  end();
});

it('waits for no cell that was paused before, and for one that is let go on', async () => {
  const { scheduler, store, run } = await startScheduler([slow, { ...slow, isPaused: true }], { slots: 1 });
  store.hold(['cell1'], 'paused');
  expect(await run()).toEqual({ completed: 1, failed: 0, interrupted: 0, notRun: 0, paused: 1 });
  expect(scheduler.entries.get('cell1')!.wish).toBe('paused');
  store.close();
  const other = await startScheduler([slow, { ...slow, isPaused: true }], { slots: 1 });
  other.store.hold(['cell1'], 'paused');
  const summary = other.run();
  other.store.requeue(['cell1']);
  other.scheduler.release(other.scheduler.entries.get('cell1')!);
  expect(await summary).toEqual({ completed: 2, failed: 0, interrupted: 0, notRun: 0 });
  other.store.close();
});

it('slots join a running grid, but for those that it has; a drained one comes back', async () => {
  const cells = Array.from({ length: 8 }, () => ({ epochs: 8, params: { epochMs: 60 } }));
  const grid = await running(cells, { slots: 1 });
  const joined = await grid.ask({ verb: 'join', file: '/more.yaml' });
  expect(joined).toEqual({ outcome: 'done', answer: 'local/cpu1, local/cpu2 take cells now' });
  expect(await grid.ask({ verb: 'drain', slotId: 'local/cpu2' })).toMatchObject({ outcome: 'done' });
  await vi.waitFor(() => expect(grid.slots.has('local/cpu2')).toBe(false), 5_000);
  expect(await grid.ask({ verb: 'join' })).toEqual({ outcome: 'done', answer: 'local/cpu2 takes cells now' });
  expect(await grid.summary).toMatchObject({ completed: 8 });
  const used = new Set(grid.events.flatMap(event => (event.type === 'runStarted' ? [event.slotId] : [])));
  expect(used.size).toBe(3);
  grid.end();
});

it('why slots can’t join is told to whoever asks, and that the grid has ended meanwhile', async () => {
  const grid = await running([{ epochs: 30, params: { epochMs: 60 } }], { slots: 1 });
  expect(await grid.ask({ verb: 'join', file: 'none.yaml' })).toEqual({
    outcome: 'refused',
    answer: 'none.yaml: no such file',
  });
  const late = grid.ask({ verb: 'join', file: '/slow' });
  await sleep(500);
  grid.scheduler.drain();
  await grid.summary;
  grid.desk.close();
  await expect(late).resolves.toEqual({ outcome: 'refused', answer: 'the grid has ended meanwhile' });
  grid.end();
});
