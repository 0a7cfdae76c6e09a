/**
 * The leaderboard over 100,000 cells (20,000 rows of 5 seeds) and 9,000,000 metric values and more: query, ranks and text.
 * The database is filled in SQL: through the writer it would take minutes.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLeaderboard } from '../leaderboard/leaderboard.js';
import { renderJson, renderText } from '../leaderboard/render.js';
import { openStore } from '../store/open-store.js';
import { ResultsPaths } from '../store/run-paths.js';
import { benchCells, benchGrid } from './fixtures/bench-grid.js';
import { fillStore } from './fixtures/fill-store.js';

const cells = 100_000;
const epochs = 10;
const metrics = 10;
const repeats = 7;

const folder = mkdtempSync(join(tmpdir(), 'grid-bench-'));
try {
  const begin = performance.now();
  const writer = await openStore(folder);
  writer.registerGrid(benchGrid, benchCells(cells));
  const registered = performance.now();
  writer.close();
  const { store: file } = new ResultsPaths(folder);
  await fillStore(file, { epochs, metrics });
  const filled = performance.now();
  process.stdout.write(
    `${cpus()[0]?.model}, Node ${process.versions.node}; ${cells} cells, ${cells * epochs * metrics} metric rows, ${(statSync(file).size / 1e6).toFixed(0)} MB
registered in ${((registered - begin) / 1000).toFixed(1)} s, filled in ${((filled - registered) / 1000).toFixed(1)} s\n\n`,
  );
  process.stdout.write('open ms   query and ranks ms   text ms   JSON ms   CPU ms (all but JSON)\n');
  for (let repeat = 0; repeat < repeats; repeat++) {
    const cpu = process.cpuUsage();
    const times = [performance.now()];
    const store = await openStore(folder, { readOnly: true });
    times.push(performance.now());
    const leaderboard = readLeaderboard(store);
    times.push(performance.now());
    const text = renderText(leaderboard, { width: 160 });
    times.push(performance.now());
    const { user, system } = process.cpuUsage(cpu);
    const json = renderJson(leaderboard);
    times.push(performance.now());
    store.close();
    if (leaderboard.rows.length !== cells / 5 || text.length * json.length === 0)
      throw new Error('rows are missing');
    const durations = times.slice(1).map((time, i) => (time - times[i]!).toFixed(0));
    const row = [...durations, ((user + system) / 1000).toFixed(0)];
    process.stdout.write(`${row.map((value, i) => value.padStart([7, 21, 10, 10, 24][i]!)).join('')}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
