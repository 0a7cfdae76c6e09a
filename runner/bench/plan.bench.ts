/** Loading, expanding, identifying and planning big grids: seconds and memory by number of cells, each in a fresh process. */
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const worker = fileURLToPath(new URL('fixtures/plan-worker.js', import.meta.url));
const sizes = [1_000, 10_000, 100_000];
const repeats = 5;

interface Measurement {
  expand: number;
  plan: number;
  cpu: number;
  megabytes: number;
}

process.stdout.write(
  `${cpus()[0]?.model}, Node ${process.versions.node}, median (min–max) of ${repeats} processes\n\n`,
);
process.stdout.write(
  '| cells | load + expand + ids, s | plan + estimate, s | together, s | CPU of the whole process, s | peak memory, MB |\n',
);
process.stdout.write('| ---: | ---: | ---: | ---: | ---: | ---: |\n');
for (const cells of sizes) {
  const runs: Measurement[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const { stdout } = await execa(process.execPath, [worker, String(cells)]);
    runs.push(JSON.parse(stdout) as Measurement);
  }
  const columns = [
    spread(runs.map(({ expand }) => expand)),
    spread(runs.map(({ plan }) => plan)),
    spread(runs.map(({ expand, plan }) => expand + plan)),
    spread(runs.map(({ cpu }) => cpu)),
    spread(
      runs.map(({ megabytes }) => megabytes),
      0,
    ),
  ];
  process.stdout.write(`| ${cells.toLocaleString('en')} | ${columns.join(' | ')} |\n`);
}

function spread(values: readonly number[], digits = 2): string {
  const sorted = [...values].sort((a, b) => a - b);
  const [min, median, max] = [0, sorted.length >> 1, sorted.length - 1].map(index =>
    sorted[index]!.toFixed(digits),
  );
  return `${median} (${min}–${max})`;
}
