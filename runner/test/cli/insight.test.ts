import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Transformer } from '@napi-rs/image';
import { beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { workFolder } from '../fixtures/cli.js';
import { callGrid } from '../fixtures/in-process.js';

let folder: string;
let file: string;

/** A grid of two rates on 24 pictures of two classes, one of them twice. */
beforeAll(() => {
  folder = workFolder();
  for (let i = 0; i < 24; i++) {
    const root = join(folder, 'data', `class <${i % 2}>`);
    mkdirSync(root, { recursive: true });
    const pixels = Buffer.alloc(12 * 12 * 4, 255);
    for (let at = 0; at < pixels.length; at++)
      if (at % 4 < 3) pixels[at] = (i === 23 ? 0 : i * 9) + ((at * 31) % 97);
    writeFileSync(join(root, `${i}.png`), Transformer.fromRgbaPixels(pixels, 12, 12).pngSync());
  }
  file = join(folder, 'grid.yaml');
  const grid = {
    name: 'insight',
    data: { name: 'pictures', format: 'folder', root: 'data' },
    model: { name: 'resnet20', width: 4 },
    optimizer: 'sgd',
    train: { epochs: 1, batchSize: 8 },
    axes: { 'optimizer.learningRate': { slow: 0.001, fast: 0.1 } },
  };
  writeFileSync(file, stringify(grid));
});

const grid = (...args: string[]) => callGrid([...args, '--results', join(folder, 'results')]);

it('grid data writes a page with pictures and says what is wrong', async () => {
  const out = join(folder, 'report');
  const { stdout, stderr, exitCode } = await grid('data', file, '--augmented', '--out', out);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('24 in 2 classes');
  expect(stdout).toMatch(/^! same pixels\s+1 group.*1 with different classes/m);
  const page = readFileSync(join(out, 'index.html'), 'utf8');
  expect(page).toContain('class &lt;1&gt;');
  expect(page).not.toContain('class <1>');
  expect(page).toContain('Augmented: all cells');
  expect(page.match(/<img src="data:image\/png;base64,/g)!.length).toBeGreaterThanOrEqual(5);
  for (const name of ['classes.svg', 'brightness.svg', 'report.json'])
    expect(existsSync(join(out, name))).toBe(true);
});

it('grid data takes a folder, and answers in JSON', async () => {
  const { stdout } = await grid('data', join(folder, 'data'), '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    name: 'data',
    inspection: { images: 24 },
    content: { exact: { count: 1 }, height: 12, width: 12 },
  });
});

it('grid lr-find tries rates on the cell that was named', async () => {
  const args = ['lr-find', file, '--cell', 'fast', '--steps', '12', '--engine', 'wasm'];
  const { stdout, exitCode } = await grid(...args, '--json');
  expect(exitCode).toBe(0);
  const { labels, points, svg } = JSON.parse(stdout);
  expect(Object.values(labels)).toEqual(['fast']);
  expect(points.length).toBeGreaterThanOrEqual(2);
  expect(readFileSync(svg, 'utf8')).toContain('</svg>');
});

it('grid profile says where the time goes', async () => {
  const { stdout, exitCode } = await grid('profile', file, '--steps', '1', '--engine', 'wasm');
  expect(exitCode).toBe(0);
  for (const words of ['images/s', 'forward', 'backward', '(between kernels)'])
    expect(stdout).toContain(words);
  // Which layers take longest depends on the machine and on what else it does.
  expect(stdout).toMatch(/^layer[123]\.[012]\.(conv|bn)[12] +[\d.]+/m);
  // What was only measured is no result.
  expect(existsSync(join(folder, 'results', 'cells'))).toBe(false);
});

it.each([
  [['lr-find', '--cell', 'medium'], '--cell medium: no cell is called so'],
  [['lr-find', '--steps', '3'], '--steps must be ≥ 10'],
  [['lr-find', '--min', '1', '--max', '0.1'], '--min must be below --max'],
  [['profile', '--steps', '0'], '--steps'],
  [['data', '--samples', '-1'], '--samples'],
])('%j is a usage error', async ([command, ...args], words) => {
  const { stderr, exitCode } = await grid(command!, file, ...args);
  expect(stderr).toContain(words);
  expect(exitCode).toBe(2);
});

it('a model that can’t take the images is the user’s to mend', async () => {
  const broken = join(folder, 'broken.yaml');
  const text = readFileSync(file, 'utf8')
    .replace('resnet20', 'resnet18')
    .replace('width: 4', 'stemStride: 4');
  writeFileSync(broken, text);
  const { stderr, exitCode } = await grid('profile', broken, '--engine', 'wasm');
  expect(stderr).toContain('too small');
  expect(exitCode).toBe(2);
});

it.each([
  ['data', []],
  ['lr-find', ['--steps', '10']],
  ['profile', ['--steps', '1']],
])('grid %s asks where the slots of an entry are', async (verb, more) => {
  const slots = join(folder, 'slots.yaml');
  const entries = [
    { backend: 'local', cpus: 1, environment: { GRID_ENGINE: 'cpu' } },
    { backend: 'local', cpus: 1, environment: { NODE_OPTIONS: '--no-such-option' } },
    { backend: 'local', cpus: 1, data: join(folder, 'nowhere') },
    { backend: 'local', cpus: 1, data: join(folder, 'data') },
  ];
  writeFileSync(slots, stringify({ slots: entries }));
  // The grid has no data here.
  const away = join(folder, 'away.yaml');
  writeFileSync(away, readFileSync(file, 'utf8').replace('root: data', 'root: gone'));
  const ask = (...args: string[]) => grid(verb, away, ...more, '--engine', 'wasm', ...args);
  const here = await ask();
  expect(here.stderr).toContain('away.yaml:5:');
  expect(here.exitCode).toBe(2);
  const wrong = await ask('--slots', slots, '--entry', '2');
  expect(wrong.stderr).toMatch(/no such folder: .*nowhere; the slots file says that the data lies there/);
  expect(wrong.exitCode).toBe(2);
  const right = await ask('--slots', slots, '--entry', '3');
  expect(right.stderr).toBe('');
  expect(right.exitCode).toBe(0);
  const broken = await grid(verb, file, ...more, '--engine', 'wasm', '--slots', slots, '--entry', '1');
  expect(broken.stderr).toContain('--no-such-option');
  expect(broken.exitCode).not.toBe(0);
});
