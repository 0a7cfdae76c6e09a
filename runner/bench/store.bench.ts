/** How fast epochs are written: metric rows a second, one transaction an epoch, and the best epoch of each run read back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../store/open-store.js';
import { benchCells, benchGrid, epochRecord, started } from './fixtures/bench-grid.js';

const cells = 1_000;
const epochs = 20;
const repeats = 3;

const folder = mkdtempSync(join(tmpdir(), 'grid-bench-'));
process.stdout.write(`${cpus()[0]?.model}, Node ${process.versions.node}, ${repeats} repeats\n\n`);
process.stdout.write(
  `${cells} cells × ${epochs} epochs × 9 metrics   metric rows/s   ms/epoch   ms best of all cells\n`,
);
try {
  for (let repeat = 0; repeat < repeats; repeat++) {
    const store = await openStore(join(folder, String(repeat)));
    const list = benchCells(cells);
    store.registerGrid(benchGrid, list);
    const begin = performance.now();
    for (const [index, { cellId }] of list.entries()) {
      const run = store.startRun(cellId, 'bench');
      store.recordStarted(run, started);
      for (let epoch = 1; epoch <= epochs; epoch++) store.recordEpoch(run, epochRecord(index, epoch));
      store.finishRun(run, { state: 'completed', weightsHash: '' });
    }
    const seconds = (performance.now() - begin) / 1000;
    const read = performance.now();
    const best = store.standings(benchGrid.name);
    const readMs = performance.now() - read;
    if (best.reduce((sum, standing) => sum + standing.values.length, 0) !== cells)
      throw new Error('cells are missing');
    store.close();
    const columns = [
      ((cells * epochs * 9) / seconds).toFixed(0),
      ((seconds * 1000) / (cells * epochs)).toFixed(3),
      readMs.toFixed(1),
    ];
    process.stdout.write(`${' '.repeat(36)}${columns.map(text => text.padStart(14)).join('')}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
