import { expect, it } from 'vitest';
import type { SchedulerEvent } from '../../domain/scheduler-event.js';
import { bestLine, slotLine, totalsLine } from '../../terminal/lines.js';
import { plainLog } from '../../terminal/plain-log.js';
import { RunModel } from '../../terminal/run-model.js';
import { displayWidth } from '../../text/width.js';

const slotId = 'local/cpu0';
const labels = { model: 'resnet18', optimizer: 'adamw 重み', augmentation: 'crop + flip + cutMix' };

function liveModel(cells = 1000) {
  let now = 0;
  const model = new RunModel({
    slots: [
      { slotId, backend: 'local', device: '1 CPU thread' },
      { slotId: 'local/cpu1', backend: 'local', device: '1 CPU thread' },
    ],
    objective: { metric: 'validationAccuracy', direction: 'maximize' },
    completedBefore: 3,
    best: null,
    queue: Array.from({ length: cells }, (_, index) => ({ cellId: `cell${index}`, epochsLeft: 10 })),
    now: () => now,
  });
  const lines: string[] = [];
  const log = plainLog(model, line => lines.push(line.slice(9)));
  const tell = (event: SchedulerEvent) => {
    model.apply(event);
    log(event);
  };
  const trainer = (event: object) =>
    tell({ type: 'trainer', slotId, cellId: 'cell0', event } as SchedulerEvent);
  tell({ type: 'runStarted', slotId, cellId: 'cell0', attempt: 1, labels, epochs: 10 });
  trainer({ type: 'started', resumedFromEpoch: 0, history: [] });
  now = 6000;
  trainer({ type: 'epoch', epoch: 1, step: 20, metrics: { trainLoss: 0.51234, validationAccuracy: 0.75 } });
  trainer({ type: 'progress', epoch: 2, step: 30, stepsPerEpoch: 20, loss: 0.41 });
  return { model, lines, tell };
}

it('shows the slot, its cell and how far it is', () => {
  const { model } = liveModel();
  expect(slotLine(model.slots.get(slotId)!, 120)).toBe(
    'cpu0  resnet18 · adamw 重み · crop + flip + cutMix  epoch 2/10  50%  loss 0.41  best 0.75',
  );
  expect(slotLine(model.slots.get('local/cpu1')!, 120)).toBe('cpu1  idle');
});

it('gives way to the id of the cell where the labels do not fit', () => {
  const line = slotLine(liveModel().model.slots.get(slotId)!, 60);
  expect(line).toBe('cpu0  cell0  epoch 2/10  50%  loss 0.41  best 0.75');
});

it.each([10, 20, 35, 40, 60, 80, 200])('never takes more than %i columns', width => {
  const { model } = liveModel();
  const lines = [slotLine(model.slots.get(slotId)!, width), totalsLine(model, width), bestLine(model, width)];
  for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
  expect(lines[1]).toMatch(/^0 of 100/);
});

it('estimates the finish from the epochs of this run and the slots in use', () => {
  const { model, tell } = liveModel(2);
  // 9 + 10 epochs of 6 s are left, on two slots.
  expect(model.secondsLeft).toBe(57);
  expect(totalsLine(model, 200, 0)).toContain('57 s left');
  tell({ type: 'slotBenched', slotId: 'local/cpu1', reason: 'broken', sinceMs: 0 });
  expect(model.secondsLeft).toBe(114);
});

it('counts what became of the cells', () => {
  const { model, tell, lines } = liveModel(3);
  const failure = { class: 'crash', message: 'boom' } as const;
  const ended = { type: 'runEnded', slotId, attempt: 1 } as const;
  tell({ ...ended, cellId: 'cell0', state: 'failed', failure, retryInSeconds: 2 });
  expect(model).toMatchObject({ failed: 0, queued: 3, running: 0 });
  tell({ ...ended, cellId: 'cell0', state: 'failed', failure });
  tell({ ...ended, cellId: 'cell1', state: 'completed' });
  expect(model).toMatchObject({ failed: 1, completed: 1, queued: 1 });
  expect(lines.at(-3)).toBe('cpu0 cell0 failed: crash: boom; tried again in 2 s (0 of 3 done)');
  expect(lines.at(-1)).toBe('cpu0 cell1 completed (1 of 3 done, 1 failed)');
});

it('keeps the best value of all cells', () => {
  const { model } = liveModel();
  expect(bestLine(model, 200)).toContain('best  validationAccuracy  0.75  resnet18');
});

it('logs epochs as lines', () => {
  expect(liveModel().lines).toEqual([
    'cpu0 cell0 started resnet18 · adamw 重み · crop + flip + cutMix',
    'cpu0 cell0 epoch 1/10 trainLoss 0.5123 validationAccuracy 0.75',
  ]);
});
