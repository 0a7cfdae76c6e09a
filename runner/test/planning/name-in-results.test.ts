import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Cell } from '../../domain/cell.js';
import { nameInResults } from '../../planning/name-in-results.js';
import { openStore } from '../../store/open-store.js';
import type { StoreWriter } from '../../store/run-store.js';
import { cells, grid, resultsFolder } from '../store/fixtures.js';

const list = (from: number, to: number) =>
  cells(to)
    .slice(from)
    .map((cell, index): Cell => ({ ...cell, index }));

/** A project with an empty store in `results`; `run` names and registers a file as `grid run` does. */
async function project() {
  const folder = resultsFolder();
  const results = join(folder, 'results');
  const store = await openStore(results);
  const write = (path: string) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    return file;
  };
  const run = (file: string, own: Cell[], name = 'grid') => register(store, results, file, own, name);
  return { folder, results, store, write, run };
}

function register(store: StoreWriter, results: string, file: string, own: Cell[], name: string) {
  const named = nameInResults({ name, file }, own, store, results);
  store.registerGrid({ ...grid, name: named.name, file }, own);
  return named;
}

test('another file of the same name is a grid of its own, and says so every time', async () => {
  const { store, write, run } = await project();
  const [a, b, c, beside] = ['a/grid.yaml', 'b/grid.yaml', 'x/b/grid.yaml', 'a/other.yaml'].map(write);
  expect(run(a!, list(0, 2))).toEqual({ name: 'grid', warning: null });
  const clash = run(b!, list(2, 4));
  expect(clash.name).toBe('grid (b/grid.yaml)');
  expect(clash.warning).toMatch(
    /another grid named "grid", of .*a\/grid\.yaml; .*`name:`.* in .*b\/grid\.yaml$/,
  );
  expect(run(b!, list(2, 5))).toEqual(clash);
  expect(run(a!, list(0, 2))).toEqual({ name: 'grid', warning: null });
  // The same cells make it no other's grid, nor does the same folder.
  expect(run(c!, list(0, 2)).name).toBe('grid (x/b/grid.yaml)');
  expect(run(beside!, list(0, 2)).name).toBe('grid (other.yaml)');
  expect(store.countsByState('grid')).toMatchObject({ queued: 2 });
  expect(store.countsByState('grid (b/grid.yaml)')).toMatchObject({ queued: 3 });
  expect(run(b!, list(2, 4), 'named').name).toBe('named');
  store.close();
});

test('a file that was moved, linked, or edited is the same grid', async () => {
  const { folder, store, write, run } = await project();
  const first = write('a/grid.yaml');
  run(first, list(0, 3));
  const moved = join(folder, 'grid.yaml');
  renameSync(first, moved);
  expect(run(moved, list(1, 4))).toEqual({ name: 'grid', warning: null });
  expect(store.grids()).toMatchObject([{ name: 'grid', file: moved }]);
  symlinkSync(folder, `${folder}-link`);
  expect(run(join(`${folder}-link`, 'grid.yaml'), list(1, 4))).toEqual({ name: 'grid', warning: null });
  expect(run(moved, list(7, 8)).warning).toBeNull();
  store.close();
});

test('what lies where another file is gone, and has no cell of it, is another grid', async () => {
  const { folder, store, write, run } = await project();
  const first = write('a/grid.yaml');
  run(first, list(0, 3));
  renameSync(first, join(folder, 'gone'));
  expect(run(write('b/grid.yaml'), list(5, 7)).name).toBe('grid (b/grid.yaml)');
  expect(store.countsByState('grid')).toMatchObject({ queued: 3 });
  store.close();
});

test('a project that was copied with its results goes on under the same name', async () => {
  const [original, copy] = [await project(), await project()];
  const [there, here] = [original.write('grids/grid.yaml'), copy.write('grids/grid.yaml')];
  register(copy.store, original.results, there, list(0, 3), 'grid');
  expect(copy.run(here, list(0, 3))).toEqual({ name: 'grid', warning: null });
  // A part of the same project is no copy of it.
  expect(copy.run(copy.write('grid.yaml'), list(0, 3)).name).toMatch(/^grid \(.+\/grid.yaml\)$/);
  for (const { store } of [original, copy]) store.close();
});
