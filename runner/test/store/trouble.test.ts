/** Damaged, full, read-only, newer: a clear error, and nothing is lost. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { takeLock } from '../../../trainer/files/lock-file.js';
import { acquireGridLock } from '../../store/grid-lock.js';
import { openStore } from '../../store/open-store.js';
import { rebuildStore } from '../../store/rebuild-store.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { defaultDriver } from '../../store/sqlite/sqlite.js';
import { cells, complete, epochsWith, grid, resultsFolder, start } from './fixtures.js';

async function filledFolder(count = 10) {
  const folder = resultsFolder();
  const store = await openStore(folder);
  store.registerGrid(grid, cells(count));
  for (const { cellId } of cells(count)) complete(store, cellId, [0.1, 0.2]);
  store.close();
  return { folder, file: new ResultsPaths(folder).store };
}

test.each([
  ['no database at all', (file: string) => writeFileSync(file, 'not a database'.repeat(500))],
  ['cut off', (file: string) => truncateSync(file, 20_000)],
  [
    'overwritten in the middle',
    (file: string) => {
      const content = readFileSync(file);
      writeFileSync(file, content.fill(0xab, 4096, 8 * 4096));
    },
  ],
])('a store that is %s is reported with what to do, and left as it is', async (_, damage) => {
  const { folder, file } = await filledFolder(50);
  damage(file);
  const content = readFileSync(file);
  const use = async (readOnly: boolean) => {
    const store = await (readOnly ? openStore(folder, { readOnly: true }) : openStore(folder));
    try {
      store.storedCells(grid.name);
      [...store.epochRows()];
    } finally {
      store.close();
    }
  };
  for (const readOnly of [true, false])
    await expect(use(readOnly)).rejects.toThrow(/store\.db: the store is damaged.*`grid rebuild`/s);
  expect(readFileSync(file)).toEqual(content);
});

test('a damaged store is rebuilt from the folders of the cells and kept aside', async () => {
  const folder = resultsFolder();
  const paths = new ResultsPaths(folder);
  const [done, half, untouched] = cells(3);
  const write = (path: string, content: unknown) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  };
  const checkpoint = (cellId: string, epochs: number) => {
    const history = epochsWith(Array.from({ length: epochs }, (_, i) => i / 100));
    const state = {
      version: 1,
      epoch: epochs,
      step: 1,
      history,
      provenance: start.provenance,
      weightsHash: 'w',
    };
    write(
      join(paths.cell(cellId).checkpoints, `epoch-${String(epochs).padStart(6, '0')}`, 'state.json'),
      state,
    );
  };
  for (const { cellId, spec } of [done!, half!, untouched!]) write(paths.cell(cellId).runSpec, spec);
  checkpoint(done!.cellId, 9);
  checkpoint(done!.cellId, 10);
  checkpoint(half!.cellId, 3);
  write(join(paths.cell(half!.cellId).checkpoints, 'epoch-000004', 'state.json'), '{"epoch": 4, "hist');
  write(paths.cell('broken').runSpec, '{');
  writeFileSync(paths.store, 'damaged');

  const report = await rebuildStore(folder);
  expect(report).toMatchObject({ cells: 3, epochs: 13 });
  expect(report.problems).toEqual([expect.stringMatching(/broken\/run-spec\.json: /)]);
  expect(readFileSync(report.oldStore!, 'utf8')).toBe('damaged');
  const store = await openStore(folder);
  const found = store.cellsById([done!, half!, untouched!].map(cell => cell.cellId));
  expect([...found.values()].map(({ state, epochs }) => [state, epochs])).toEqual([
    ['completed', 10],
    ['interrupted', 3],
    ['queued', 0],
  ]);
  expect(found.get(done!.cellId)).toMatchObject({ spec: done!.spec, provenance: start.provenance });
  expect(store.standings('(rebuilt)')).toHaveLength(3);
  store.registerGrid(grid, cells(3));
  expect(store.grids()).toEqual([grid]);
  store.close();
  expect(readdirSync(folder).filter(name => name.includes('rebuilding'))).toEqual([]);
});

test('a store is not rebuilt under a grid that is being run', async () => {
  const { folder } = await filledFolder();
  const lock = await acquireGridLock(folder, 'g');
  await expect(rebuildStore(folder)).rejects.toThrow(/grid g is being run by process/);
  lock.release();
});

test('nothing is run or written while a store is rebuilt, and a rebuild that was killed is no hindrance', async () => {
  const { folder } = await filledFolder();
  const { rebuildLock } = new ResultsPaths(folder);
  const rebuild = await takeLock(rebuildLock, { patienceMs: 0 });
  const refused = /is being rebuilt by process \d+ .*rebuild\.lock/;
  await expect(acquireGridLock(folder, 'g')).rejects.toThrow(refused);
  await expect(openStore(folder)).rejects.toThrow(refused);
  await expect(rebuildStore(folder)).rejects.toThrow(refused);
  rebuild.release();
  (await acquireGridLock(folder, 'g')).release();
  writeFileSync(rebuildLock, JSON.stringify({ ...rebuild.holder, pid: 4_000_000 }));
  (await openStore(folder)).close();
  await rebuildStore(folder);
  expect(existsSync(rebuildLock)).toBe(false);
});

test('a full disk keeps what was stored', async () => {
  const { folder } = await filledFolder();
  const { DatabaseSync } = await defaultDriver();
  /** The file may not grow. */
  class FullDisk extends DatabaseSync {
    constructor(...parameters: ConstructorParameters<typeof DatabaseSync>) {
      super(...parameters);
      this.exec('PRAGMA max_page_count = 1');
    }
  }
  const store = await openStore(folder, { driver: { DatabaseSync: FullDisk } });
  const { cellId } = cells(1)[0]!;
  expect(() => store.addNote(cellId, 'x'.repeat(100_000))).toThrow(
    /the disk is full; all that was stored before stays/,
  );
  expect(store.notesOf(cellId)).toEqual([]);
  store.addNote(cellId, 'short');
  expect(store.countsByState(grid.name)).toMatchObject({ completed: 10 });
  store.close();
});

test('a read-only folder is read, and not written', async () => {
  const { folder, file } = await filledFolder();
  chmodSync(file, 0o444);
  chmodSync(folder, 0o555);
  // Root may write anywhere.
  const isRoot = process.geteuid?.() === 0;
  await defaultDriver();
  if (isRoot) process.seteuid!(65_534);
  try {
    const reader = await openStore(folder, { readOnly: true });
    expect(reader.countsByState(grid.name)).toMatchObject({ completed: 10 });
    reader.close();
    await expect(openStore(folder)).rejects.toThrow(
      /store\.db: the results folder is read-only; .*--results DIR/,
    );
    await expect(openStore(join(folder, 'new'))).rejects.toThrow(/read-only/);
    await expect(acquireGridLock(folder, 'g')).rejects.toThrow(/read-only/);
  } finally {
    if (isRoot) process.seteuid!(0);
    chmodSync(folder, 0o755);
  }
});

test('a store of a newer version is left alone', async () => {
  const { folder, file } = await filledFolder();
  const { DatabaseSync } = await defaultDriver();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 99');
  database.close();
  await expect(openStore(folder)).rejects.toThrow(/newer gridfarm \(store version 99/);
  await expect(openStore(folder, { readOnly: true })).rejects.toThrow(/newer gridfarm/);
});

test('a folder without results is an empty store to a reader, and stays as it is', async () => {
  const folder = resultsFolder();
  const reader = await openStore(join(folder, 'none'), { readOnly: true });
  expect(reader.grids()).toEqual([]);
  expect(reader.storedCells('a')).toEqual([]);
  expect(() => reader.grid()).toThrow(/no results yet; `grid run FILE`/);
  reader.close();
  expect(existsSync(join(folder, 'none'))).toBe(false);
});
