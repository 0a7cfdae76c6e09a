/**
 * `npm run bench [NAME…]`: runs the benchmarks whose file name starts with one of the names (all without
 * names), each in a process of its own, and passes their tables through.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const names = process.argv.slice(2);
const folders = ['./', '../../trainer/bench/'].map(path => fileURLToPath(new URL(path, import.meta.url)));
const benches = folders.flatMap(folder =>
  readdirSync(folder)
    .filter(file => file.endsWith('.bench.js'))
    .map(file => ({ name: file.replace('.bench.js', ''), path: folder + file })),
);
const chosen = benches.filter(({ name }) => names.length === 0 || names.some(n => name.startsWith(n)));
if (chosen.length === 0) {
  process.stderr.write(`no benchmark of that name; there are: ${benches.map(b => b.name).join(', ')}\n`);
  process.exitCode = 2;
}
for (const { name, path } of chosen) {
  process.stdout.write(`\n## ${name}\n\n`);
  const { failed } = await execa(process.execPath, ['--expose-gc', path], {
    stdio: 'inherit',
    reject: false,
  });
  if (failed) process.exitCode = 1;
}
