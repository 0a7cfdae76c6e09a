/**
 * Views of a grid of 100,000 cells (20,000 rows of 5 seeds, 1,000 failed cells) and 9,000,000 metric values and more: what each
 * takes within a process, from the query to its text, and as a whole command, with the most memory that this had. The database is filled in SQL: through the writer it would
 * take minutes.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { readLeaderboard } from '../leaderboard/leaderboard.js';
import { renderText } from '../leaderboard/render.js';
import { readCell } from '../readings/cell.js';
import { readStatus } from '../readings/status.js';
import { openStore } from '../store/open-store.js';
import { ResultsPaths } from '../store/run-paths.js';
import type { StoreReader } from '../store/run-store.js';
import { detailLines } from '../terminal/cell-details.js';
import { statusLines } from '../terminal/status.js';
import { benchCells, benchGrid } from './fixtures/bench-grid.js';
import { fillStore } from './fixtures/fill-store.js';

const cells = 100_000;
const epochs = 10;
const metrics = 10;
const repeats = 7;

const folder = mkdtempSync(join(tmpdir(), 'grid-bench-'));
const paths = new ResultsPaths(folder);
const cell = benchCells(cells).at(-1)!.cellId;

/** Says on stderr at its end how much memory a process had at most, in KiB. */
const tellMemory = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => process.stderr.write('\\n' + process.resourceUsage().maxRSS))",
)}`;

interface View {
  arguments: readonly string[];
  read(store: StoreReader): unknown;
  render(reading: unknown): string;
}

const view = <Reading>(
  args: readonly string[],
  read: (store: StoreReader) => Reading,
  render: (reading: Reading) => string,
): View => ({ arguments: args, read, render: reading => render(reading as Reading) });

const views = [
  view(['status'], readStatus, reading => statusLines(reading).join('\n')),
  view(['leaderboard'], readLeaderboard, board => renderText(board, { width: 160 })),
  view(
    ['leaderboard', '--group-by', 'model'],
    store => readLeaderboard(store, { groupBy: ['model'] }),
    board => renderText(board, { width: 160 }),
  ),
  view(
    ['show', cell],
    store => readCell(store, paths, cell),
    reading => detailLines(reading, 160).join('\n'),
  ),
];

try {
  const begin = performance.now();
  const writer = await openStore(folder);
  writer.registerGrid(benchGrid, benchCells(cells));
  writer.close();
  const registered = performance.now();
  await fillStore(paths.store, { epochs, metrics });
  const filled = performance.now();
  process.stdout.write(
    `${cpus()[0]?.model}, Node ${process.versions.node}; ${cells} cells, ${cells * epochs * metrics} metric rows, ${(statSync(paths.store).size / 1e6).toFixed(0)} MB
registered in ${((registered - begin) / 1000).toFixed(1)} s, filled in ${((filled - registered) / 1000).toFixed(1)} s; medians and ranges of ${repeats}, load ${loadavg()[0]!.toFixed(1)}

| view | reading, ms | text, ms | CPU of both, ms | whole command, ms | peak memory, MB |\n| --- | --- | --- | --- | --- | --- |\n`,
  );
  for (const each of views) {
    const times: number[][] = [];
    for (let repeat = 0; repeat < repeats; repeat++) times.push(await timesOf(each));
    const columns = [0, 1, 2, 3, 4].map(column => spread(times.map(row => row[column]!)));
    process.stdout.write(`| ${each.arguments.join(' ')} | ${columns.join(' | ')} |\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Milliseconds: of the reading with opening the store, of its text, CPU of both, and of the command in a process of its own; and the
 * megabytes of that.
 */
async function timesOf({ arguments: args, read, render }: View): Promise<number[]> {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const store = await openStore(folder, { readOnly: true });
  const reading = read(store);
  const readAt = performance.now();
  const text = render(reading);
  const renderedAt = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  store.close();
  const program = fileURLToPath(new URL('../main.js', import.meta.url));
  const { stdout, stderr } = await execa(process.execPath, [
    ...['--import', tellMemory, program, ...args],
    ...['--results', folder],
  ]);
  const end = performance.now();
  if (text.length < 100 || stdout.length < 100) throw new Error(`${args.join(' ')}: too little was shown`);
  return [
    readAt - begin,
    renderedAt - readAt,
    (user + system) / 1000,
    end - renderedAt,
    Number(stderr.split('\n').at(-1)) / 1024,
  ];
}

function spread(values: readonly number[]): string {
  const sorted = values.map(value => Math.round(value)).sort((a, b) => a - b);
  return `${sorted[sorted.length >> 1]} (${sorted[0]}–${sorted.at(-1)})`;
}
