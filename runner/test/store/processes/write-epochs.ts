/** Writes epochs of the first two cells until it is killed; says which one is stored after each. */
import { writeSync } from 'node:fs';
import { benchCells, benchGrid, epochRecord, started } from '../../../bench/fixtures/bench-grid.js';
import { openStore } from '../../../store/open-store.js';

const store = await openStore(process.argv[2]!);
const cells = benchCells(2);
store.registerGrid(benchGrid, cells);
const runs = cells.map(({ cellId }) => {
  const run = store.startRun(cellId, 'local/cpu0');
  const history = store.metricsOf(cellId);
  store.recordStarted(run, { ...started, resumedFromEpoch: history.length, history });
  return { run, epoch: history.length };
});
for (;;) {
  for (const [index, state] of runs.entries()) {
    store.recordEpoch(state.run, epochRecord(index, ++state.epoch));
    say(`${index} ${state.epoch}\n`);
  }
}

/** Waits where the reader is behind: a pipe that is full takes nothing. */
function say(text: string): void {
  for (;;)
    try {
      writeSync(1, text);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
}
