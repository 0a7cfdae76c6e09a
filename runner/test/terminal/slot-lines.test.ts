import { expect, it } from 'vitest';
import type { CellProgress, SlotReading } from '../../readings/slots.js';
import { slotLines } from '../../terminal/slot-lines.js';
import { displayWidth } from '../../text/width.js';

const labels = { model: 'resnet18', optimizer: 'adamw 重み', augmentation: 'crop + flip + cutMix' };
const cell: CellProgress = {
  ...{ cellId: 'cell0', labels, attempt: 1, epochs: 10, epoch: 1, progress: 0.5, loss: 0.41 },
  ...{ now: 0.7, best: 0.75, imagesPerSecond: 812.4, secondsLeft: 85, warnings: 0 },
};
const slot = (name: string) => ({ slotId: `local/${name}`, backend: 'local', device: '1 CPU thread' });
const running: SlotReading = { slot: slot('cpu0'), state: 'running', trouble: null, cell, runs: 2 };
const idle: SlotReading = { slot: slot('cpu1'), state: 'idle', trouble: null, cell: null, runs: 0 };
const troubled: SlotReading = {
  ...running,
  cell: { ...cell, attempt: 2, warnings: 3, labels: { ...labels, seed: 'x'.repeat(100) } },
};
const waiting: SlotReading = { ...idle, state: 'waiting', trouble: { reason: 'no room', sinceMs: 1 } };

it('tells all of a cell in one wide line, or in two that 80 columns hold', () => {
  const figures = 'epoch 2/10  ███░░░ 50%  now 0.7  best 0.75  812 img/s  1m25s left  loss 0.41';
  const name = 'cpu0  resnet18 · adamw 重み · crop + flip + cutMix';
  expect(slotLines(running, 160, true)).toEqual([`${name}  ${figures}`]);
  expect(slotLines(running, 78, true)).toEqual([name, figures]);
  expect(slotLines(running, 72, true)[1]).toBe(figures.replace('  loss 0.41', ''));
  expect(slotLines(idle, 120)).toEqual(['cpu1  idle']);
  expect(slotLines(troubled, 75, true)[0]).toBe('cpu0  cell0  run 2  ⚠ 3 warnings');
});

it('of 35 columns the epoch, its share, and the values are left', () => {
  expect(slotLines(running, 35, true)).toEqual(['cpu0  cell0', 'epoch 2/10  now 0.7  best 0.75']);
  expect(slotLines(running, 35)).toEqual(['cpu0  epoch 2/10  best 0.75']);
});

it('gives way to the id of the cell where the labels do not fit', () => {
  expect(slotLines(running, 60)).toEqual(['cpu0  cell0  epoch 2/10  ███░░░ 50%  now 0.7  best 0.75']);
});

it.each([10, 20, 35, 40, 60, 80, 109, 110, 200])('never takes more than %i columns', width => {
  for (const reading of [running, idle, troubled, waiting])
    for (const mayWrap of [true, false])
      for (const line of slotLines(reading, width, mayWrap))
        expect(displayWidth(line)).toBeLessThanOrEqual(width);
});

it('a cell that has told nothing yet has an empty bar', () => {
  const nothing = { progress: null, loss: null, now: null, best: null, imagesPerSecond: null };
  const fresh = { ...running, cell: { ...cell, ...nothing, epoch: 0, secondsLeft: null } };
  expect(slotLines(fresh, 80, true)[1]).toBe('epoch 1/10  ░░░░░░');
});
