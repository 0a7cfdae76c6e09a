import { afterEach, expect, it, vi } from 'vitest';
import type { RunProgress } from '../../readings/progress.js';
import { jsonView, plainView } from '../../terminal/plain-view.js';

afterEach(() => void vi.useRealTimers());

const progress: RunProgress = {
  objective: { metric: 'validationAccuracy', direction: 'maximize' },
  runner: { holder: 'process 1 on host', isAlive: true, startedMs: 0, endedMs: null, stopping: null },
  slots: [],
  ...{ total: 5, completed: 2, failed: 1, interrupted: 0, running: 1, queued: 1, completedBefore: 0 },
  secondsLeft: 300,
  best: { cellId: 'cell0', labels: { model: 'r18' }, value: 0.75, epoch: 1 },
  stopping: null,
  ...{ lastFailure: null, warnings: 0, lastWarning: null },
};
const summary = { completed: 5, failed: 0, interrupted: 0, notRun: 0 };

it('says at least once a minute how far the whole is, until it is over', async () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  let isDamaged = false;
  const read = () => {
    if (isDamaged) throw new Error('damaged');
    return progress;
  };
  let end!: () => void;
  const over = new Promise<void>(resolve => {
    end = resolve;
  });
  const shown = { cells: 5, metric: 'validationAccuracy', read };
  const working = plainView(line => lines.push(line)).runs(shown, async () => {
    await over;
    return summary;
  });
  await vi.advanceTimersByTimeAsync(125_000);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(
    /^\d\d:\d\d:\d\d 2 of 5 done {2}1 failed {2}1 running {2}1 queued {2}5 min left {2}until .*; best {2}validationAccuracy {2}0\.75 {2}r18/,
  );
  // Who writes to the store tells of what is wrong with it.
  isDamaged = true;
  await vi.advanceTimersByTimeAsync(60_000);
  end();
  expect(await working).toBe(summary);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(lines).toHaveLength(2);
});

it('events for programs are JSON, one a line, last the summary', async () => {
  const lines: string[] = [];
  const shown = { cells: 5, metric: 'validationAccuracy', read: () => progress };
  await jsonView(line => lines.push(line)).runs(shown, async observe => {
    observe({ type: 'slotReady', slotId: 'local/cpu0' });
    return summary;
  });
  expect(lines.map(line => JSON.parse(line))).toEqual([
    { type: 'slotReady', slotId: 'local/cpu0' },
    { type: 'summary', ...summary },
  ]);
});
