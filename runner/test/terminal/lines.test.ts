import { expect, it } from 'vitest';
import type { RunProgress } from '../../readings/progress.js';
import type { SlotReading } from '../../readings/slots.js';
import { bestLine, linesBelow, totalsLine } from '../../terminal/lines.js';
import { displayWidth } from '../../text/width.js';

const labels = { model: 'resnet18', optimizer: 'adamw 重み', augmentation: 'crop + flip + cutMix' };
const slot = (name: string) => ({ slotId: `local/${name}`, backend: 'local', device: '1 CPU thread' });

const running: SlotReading = {
  slot: slot('cpu0'),
  state: 'running',
  trouble: null,
  cell: {
    ...{ cellId: 'cell0', labels, attempt: 1, epochs: 10, epoch: 1, progress: 0.5, loss: 0.41 },
    ...{ now: 0.7, best: 0.75, imagesPerSecond: 812.4, secondsLeft: 85, warnings: 0 },
  },
  runs: 2,
};
const idle: SlotReading = { slot: slot('cpu1'), state: 'idle', trouble: null, cell: null, runs: 0 };

const progress: RunProgress = {
  objective: { metric: 'validationAccuracy', direction: 'maximize' },
  runner: { holder: 'process 1 on host', isAlive: true, startedMs: 0, endedMs: null, stopping: null },
  slots: [running, idle],
  ...{ total: 1000, completed: 0, failed: 0, interrupted: 0, running: 1, queued: 999, completedBefore: 3 },
  secondsLeft: 57,
  best: { cellId: 'cell0', labels, value: 0.75, epoch: 1 },
  stopping: null,
  ...{ lastFailure: null, warnings: 0, lastWarning: null },
};

const failure = { class: 'crash', message: `boom ${'重み '.repeat(40)}` } as const;
const troubled: RunProgress = {
  ...progress,
  lastFailure: { cellId: 'cell3', failure, timeMs: 5 },
  warnings: 2,
  lastWarning: { cellId: 'cell0', text: '26 of 606 tensors were taken' },
};

it.each([10, 20, 35, 40, 60, 80, 200])('never takes more than %i columns', width => {
  const lines = [totalsLine(progress, width), ...linesBelow(troubled, width)];
  for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
  expect(lines[0]).toMatch(/^0 of 100/);
});

it('says how long it takes until the last cell', () => {
  expect(totalsLine(progress, 200, 0)).toContain('57 s left');
  expect(totalsLine({ ...progress, stopping: 'drain' }, 200, 0)).not.toContain('left');
});

it('shows the best value of all cells', () => {
  expect(bestLine(progress, 200)).toContain('best  validationAccuracy  0.75  resnet18');
});

it('shows the last failure and the newest warning, and of a slot taken out of use that, if it was later', () => {
  expect(linesBelow(progress, 200)).toHaveLength(1);
  const [, problem, warning] = linesBelow(troubled, 80);
  expect(problem).toMatch(/^cell3 crash: boom 重み/);
  expect(warning).toBe('2 warnings: cell0 26 of 606 tensors were taken');
  const benchedAt = (sinceMs: number): RunProgress => ({
    ...troubled,
    slots: [running, { ...idle, state: 'benched', trouble: { reason: 'broken', sinceMs } }],
  });
  expect(linesBelow(benchedAt(6), 80)[1]).toBe('cpu1 is out of use: broken');
  expect(linesBelow(benchedAt(4), 80)[1]).toBe(problem);
});
