/**
 * How fast runs are written: metric rows a second, by the epochs alone (one transaction each) and with what a run's beginning and end
 * cost (its lease, and a record in a folder of its own), and the standings read back.
 */
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
  `${cells} cells × ${epochs} epochs × 9 metrics   rows/s of epochs   rows/s of all   ms begin + end of a run   ms standings\n`,
);
try {
  for (let repeat = 0; repeat < repeats; repeat++) {
    const store = await openStore(join(folder, String(repeat)));
    const list = benchCells(cells);
    store.registerGrid(benchGrid, list);
    const begin = performance.now();
    let epochMs = 0;
    for (const [index, { cellId }] of list.entries()) {
      const run = store.startRun(cellId, 'bench');
      store.recordStarted(run, started);
      const first = performance.now();
      for (let epoch = 1; epoch <= epochs; epoch++) store.recordEpoch(run, epochRecord(index, epoch));
      epochMs += performance.now() - first;
      store.finishRun(run, { state: 'completed', weightsHash: '' });
    }
    const allMs = performance.now() - begin;
    const read = performance.now();
    const best = store.standings(benchGrid.name);
    const readMs = performance.now() - read;
    if (best.reduce((sum, standing) => sum + standing.values.length, 0) !== cells)
      throw new Error('cells are missing');
    store.close();
    const columns = [
      ((cells * epochs * 9 * 1000) / epochMs).toFixed(0),
      ((cells * epochs * 9 * 1000) / allMs).toFixed(0),
      ((allMs - epochMs) / cells).toFixed(2),
      readMs.toFixed(1),
    ];
    process.stdout.write(`${' '.repeat(36)}${columns.map(text => text.padStart(18)).join('')}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
