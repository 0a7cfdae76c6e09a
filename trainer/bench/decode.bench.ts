/**
 * Opening a data set in a new process: the first time (decoding), and again (from the cache), with the C library's
 * memory in small and in huge pages. Of `GRID_BENCH_DATA` (a folder with train.zip and train.csv) if it is set, else of
 * generated JPEGs.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transformer } from '@napi-rs/image';
import { execa } from 'execa';
import { defaultData } from '../contract/defaults.js';
import type { DataSpec } from '../contract/run-spec.js';
import { Draws } from '../random/random.js';
import { table } from './measuring.js';
import type { Opening } from './open-data.js';

const program = new URL('./open-data.js', import.meta.url).pathname;
const hugePages = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };
const generated = { images: 10_000, size: 64 };

const folder = mkdtempSync(join(tmpdir(), 'grid-bench-'));
try {
  const given = process.env.GRID_BENCH_DATA;
  const spec: DataSpec = given
    ? { ...defaultData, name: 'bench', format: 'csv', root: given, images: 'train.zip', labels: 'train.csv' }
    : { ...defaultData, name: 'bench', format: 'folder', root: generate(join(folder, 'data')) };
  const cacheDir = join(folder, 'cache');
  const rows: string[][] = [];
  const measure = async (name: string, env: Record<string, string> = {}) => {
    const { stdout } = await execa(process.execPath, [program, JSON.stringify(spec), cacheDir], { env });
    const { images, bytes, seconds, cpuSeconds, megabytes } = JSON.parse(stdout) as Opening;
    rows.push([
      name,
      `${images} (${(bytes / 1e6).toFixed(0)} MB)`,
      seconds.toFixed(2),
      cpuSeconds.toFixed(2),
      (images / cpuSeconds).toFixed(0),
      megabytes.toFixed(0),
    ]);
  };
  await measure('first time');
  for (let i = 0; i < 3; i++) {
    await measure('again');
    await measure('again, huge pages', hugePages);
  }
  process.stdout.write(table(['', 'images', 's', 'CPU s', 'images/CPU s', 'process MB'], rows));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Writes JPEGs of smooth noise, ten classes. */
function generate(root: string): string {
  const { images, size } = generated;
  const draws = new Draws();
  for (let i = 0; i < images; i++) {
    draws.at(0, 0, 0, i);
    const [red, green, blue] = [draws.between(1, 9), draws.between(1, 9), draws.between(1, 9)];
    const pixels = Uint8Array.from({ length: size * size * 4 }, (_, at) => {
      const [x, y] = [(at >> 2) % size, Math.floor((at >> 2) / size)];
      const wave = [red, green, blue][at & 3];
      return wave === undefined
        ? 255
        : 128 + 100 * Math.sin((x * wave + y * (10 - wave)) / 40) + draws.integer(20);
    });
    const name = join(root, `${i % 10}`, `${i}.jpg`);
    mkdirSync(join(name, '..'), { recursive: true });
    writeFileSync(name, Transformer.fromRgbaPixels(pixels, size, size).jpegSync(85));
  }
  return root;
}
