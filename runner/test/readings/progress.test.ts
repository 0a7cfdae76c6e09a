import { expect, test } from 'vitest';
import { readLastRun, readProgress } from '../../readings/progress.js';
import { readStatus } from '../../readings/status.js';
import { acquireGridLock } from '../../store/grid-lock.js';
import { openStore } from '../../store/open-store.js';
import { statusLines } from '../../terminal/status.js';
import { cells, complete, epochsWith, grid, resultsFolder, start } from '../store/fixtures.js';

const slot = (name: string) => ({ slotId: `local/${name}`, backend: 'local', device: '1 CPU thread' });

test('a reader sees what the runner does: slots, progress, totals, the best cell, the end that is near', async () => {
  const folder = resultsFolder();
  const store = await openStore(folder);
  store.registerGrid(grid, cells(6));
  const ids = cells(6).map(({ cellId }) => cellId);
  complete(store, ids[0]!, [0.9]);
  const reader = await openStore(folder, { readOnly: true });
  expect(readProgress(reader, grid.name)).toBeNull();
  await new Promise(resolve => setTimeout(resolve, 5));

  const lock = await acquireGridLock(folder, grid.name);
  store.beginRunner(grid.name, [slot('cpu0'), slot('cpu1'), slot('cpu2')]);
  complete(store, ids[1]!, [0.5, 0.6]);
  store.finishRun(store.startRun(ids[2]!, 'local/cpu2'), {
    state: 'failed',
    failure: { class: 'crash', message: 'boom' },
  });
  const run = store.startRun(ids[3]!, 'local/cpu0');
  store.recordStarted(run, start);
  for (const record of epochsWith([0.7, 0.75])) store.recordEpoch(run, record);
  store.changeSlots(grid.name, [{ slotId: 'local/cpu0', state: 'running', cellId: ids[3]! }]);
  store.changeSlots(grid.name, [
    {
      ...{ slotId: 'local/cpu1', state: 'benched', reason: 'several cells failed', sinceMs: Date.now() },
    },
  ]);
  store.recordProgress({ cellId: ids[3]!, epoch: 3, step: 5, stepsPerEpoch: 10, loss: 0.41 });
  expect(readProgress(reader, grid.name)).toMatchObject({
    ...{ total: 5, completed: 1, failed: 1, interrupted: 0, running: 1, queued: 2, completedBefore: 1 },
    // 8 + 2 * 10 epochs of 2 s, on the two slots that are left.
    secondsLeft: 28,
    best: { cellId: ids[0], value: 0.9, epoch: 1 },
    stopping: null,
    lastFailure: { cellId: ids[2], failure: { class: 'crash', message: 'boom' } },
    ...{ warnings: 0, lastWarning: null },
    slots: [
      {
        slot: slot('cpu0'),
        state: 'running',
        cell: {
          epoch: 2,
          epochs: 10,
          progress: 0.5,
          loss: 0.41,
          now: 0.75,
          best: 0.75,
          secondsLeft: 15,
          warnings: 0,
        },
      },
      { state: 'benched', trouble: { reason: 'several cells failed' }, cell: null },
      { state: 'idle', cell: null },
    ],
  });
  for (const text of ['slow', 'odd', 'odd']) store.recordWarning(run, text);
  store.changeRunner(grid.name, { stopping: 'drain' });
  const lines = statusLines(readStatus(reader, grid.name), 100).join('\n');
  expect(lines).toMatch(
    /^ {2}cpu0 .* ⚠ 2 warnings\n {4}epoch 3\/10 {2}███░░░ 50% {2}now 0.75 {2}best 0.75 .*loss 0.41$/m,
  );
  expect(lines).toMatch(/^ {2}cpu1 {2}out of use since .*: several cells failed$/m);
  expect(lines).toMatch(/^ {2}1 of 5 done {2}1 failed {2}1 running {2}2 queued {2}1 done before/m);
  expect(lines).toContain('best  validationAccuracy  0.9');
  expect(lines).toContain('Finishing the running epochs');
  expect(lines).toMatch(/2 warnings: \S+ odd$/m);
  // The cell on a slot isn't told twice.
  expect(lines.match(/epoch 3\/10/g)).toHaveLength(1);

  store.recordEpoch(run, epochsWith([0, 0, 0.8])[2]!);
  expect(readProgress(reader, grid.name)!.slots[0]!.cell).toMatchObject({
    epoch: 3,
    progress: null,
    best: 0.8,
  });
  store.changeRunner(grid.name, { hasEnded: true });
  expect(readProgress(reader, grid.name)).toBeNull();
  expect(readLastRun(reader, grid.name)).toMatchObject({ total: 5, completed: 1, stopping: 'drain' });
  lock.release();
  reader.close();
  store.close();
});
