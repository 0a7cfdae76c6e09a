import { expect, it } from 'vitest';
import type { SchedulerEvent } from '../../domain/scheduler-event.js';
import { plainLog } from '../../terminal/plain-log.js';

const slotId = 'local/cpu0';
const labels = { model: 'resnet18', optimizer: 'adamw 重み' };

function log() {
  const lines: string[] = [];
  const tell = plainLog({ cells: 3, metric: 'validationAccuracy' }, line => lines.push(line.slice(9)));
  tell({ type: 'runStarted', slotId, cellId: 'cell0', attempt: 1, labels, epochs: 10 });
  const trainer = (event: object) =>
    tell({ type: 'trainer', slotId, cellId: 'cell0', event } as SchedulerEvent);
  trainer({ type: 'started', resumedFromEpoch: 0, history: [] });
  trainer({ type: 'epoch', epoch: 1, step: 20, metrics: { trainLoss: 0.51234, validationAccuracy: 0.75 } });
  trainer({ type: 'progress', epoch: 2, step: 30, stepsPerEpoch: 20, loss: 0.41 });
  return { lines, tell };
}

it('logs epochs as lines', () => {
  expect(log().lines).toEqual([
    'cpu0 cell0 started resnet18 · adamw 重み',
    'cpu0 cell0 epoch 1/10 trainLoss 0.5123 validationAccuracy 0.75',
  ]);
});

it('counts what became of the cells', () => {
  const { tell, lines } = log();
  const failure = { class: 'crash', message: 'boom' } as const;
  const ended = { type: 'runEnded', slotId, attempt: 1 } as const;
  tell({ ...ended, cellId: 'cell0', state: 'failed', failure, retryInSeconds: 2 });
  tell({ ...ended, cellId: 'cell0', state: 'failed', failure });
  tell({ ...ended, cellId: 'cell1', state: 'completed' });
  expect(lines.slice(-3)).toEqual([
    'cpu0 cell0 failed: crash: boom; tried again in 2 s (0 of 3 done)',
    'cpu0 cell0 failed: crash: boom (0 of 3 done, 1 failed)',
    'cpu0 cell1 completed (1 of 3 done, 1 failed)',
  ]);
});
