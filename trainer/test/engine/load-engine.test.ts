import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadEngine } from '../../engine/load-engine.js';
import { cacheRoot, engineKey, enginesDir, findAddons } from '../../engine/native/engine-cache.js';

const original = { GRID_ENGINE: process.env.GRID_ENGINE, GRID_CACHE: process.env.GRID_CACHE };
let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'gridfarm-cache-'));
  process.env.GRID_CACHE = cache;
  delete process.env.GRID_ENGINE;
});
afterEach(() => {
  rmSync(cache, { recursive: true, force: true });
  for (const [name, value] of Object.entries(original)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

it('names the engines there are', async () => {
  await expect(loadEngine('cuda' as never, { threads: 1 })).rejects.toThrow(
    'engine: expected one of tensorflow, wasm, cpu, got cuda',
  );
  process.env.GRID_ENGINE = 'Wasm';
  await expect(loadEngine(undefined, { threads: 1 })).rejects.toThrow('GRID_ENGINE: expected one of');
});

it('takes the one that GRID_ENGINE forces, and the argument before it', async () => {
  process.env.GRID_ENGINE = 'cpu';
  expect((await loadEngine(undefined, { threads: 1 })).info.name).toBe('cpu');
  process.env.GRID_ENGINE = 'tensorflow';
  expect((await loadEngine('cpu', { threads: 1 })).info.name).toBe('cpu');
});

const installedByNpm = findAddons(join(tmpdir(), 'no-such-cache')).length > 0;
it.skipIf(installedByNpm)('says what gets the native engine when it is forced and missing', async () => {
  await expect(loadEngine('tensorflow', { threads: 1 })).rejects.toThrow(/not there.*`grid setup`/);
});

it('looks for engines in GRID_CACHE, XDG_CACHE_HOME, then the home folder', () => {
  expect(cacheRoot({ GRID_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
  expect(cacheRoot({ XDG_CACHE_HOME: '/b' })).toBe('/b/gridfarm');
  expect(cacheRoot({})).toMatch(/\/\.cache\/gridfarm$/);
});

it('finds engines whatever Node they were built with, the newest TensorFlow first', () => {
  const platform = `${process.platform}-${process.arch}`;
  expect(engineKey('2.21.0')).toBe(`tfjs4.22.0-tensorflow2.21.0-${platform}`);
  for (const name of [
    `tfjs4.22.0-tensorflow2.9.1-node115-${platform}`,
    `tfjs4.22.0-tensorflow2.21.0-node127-${platform}`,
    engineKey('2.21.0'),
    `tfjs4.22.0-tensorflow2.20.0-node115-plan9-mips`,
    `tfjs4.21.0-tensorflow2.30.0-${platform}`,
  ])
    mkdirSync(join(enginesDir(cache), name), { recursive: true });
  const found = findAddons(cache).filter(({ from }) => from === 'cache');
  expect(found.map(({ tensorflowVersion }) => tensorflowVersion)).toEqual(['2.21.0', '2.21.0', '2.9.1']);
  expect(found[0]!.packageDir).toContain(engineKey('2.21.0'));
});
