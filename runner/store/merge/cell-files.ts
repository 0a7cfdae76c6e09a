/**
 * Files of cells on their way from one results folder to another. What is copied is put together in `merging/` and then takes its place
 * by a rename, so that a cell's folder is whole at any moment; what a killed merge left there is put in order by the next one.
 */
import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import type { CellPaths, ResultsPaths } from '../run-paths.js';

/** Which process trains the cell: one of the other machine's, if any. */
const leftBehind = new Set(['process.json']);

const setAsideIn = (root: string) => join(root, 'set-aside');

/** Where what a folder has of a cell is kept beside what another has; the same content is always there. */
export const asideOf = ({ root }: CellPaths, content: string): string =>
  join(setAsideIn(root), `merged-${content}`);

/** Puts in order what a merge that was killed has left. */
export function recoverFiles(paths: ResultsPaths): void {
  if (!existsSync(paths.merging)) return;
  for (const name of readdirSync(paths.merging)) {
    const cell = join(paths.cells, name.slice(0, -oldSuffix.length));
    // It was just about to be replaced.
    if (name.endsWith(oldSuffix) && !existsSync(cell)) renameSync(join(paths.merging, name), cell);
  }
  rmSync(paths.merging, { recursive: true, force: true });
}

const oldSuffix = '.old';

/** A cell's folder that is ready to take the place of what is there. */
export interface ReadyFolder {
  /** By renames alone. */
  put(): void;
  /** What it took the place of, or the folder itself where it was not put, is removed. */
  end(): void;
}

/**
 * Copies a cell's folder, with all of one's own beside it.
 *
 * @param content names what one's own folder has; undefined: nothing that is worth keeping
 */
export function copyCell(
  paths: ResultsPaths,
  cellId: string,
  from: CellPaths,
  content: string | undefined,
): ReadyFolder {
  const own = paths.cell(cellId);
  const name = own.root.slice(paths.cells.length + 1);
  const [ready, old] = [join(paths.merging, name), join(paths.merging, `${name}${oldSuffix}`)];
  rmSync(ready, { recursive: true, force: true });
  mkdirSync(ready, { recursive: true });
  copyTree(from.root, ready);
  if (existsSync(own.root)) {
    const aside = asideOf(own, content ?? '');
    for (const kept of namesIn(setAsideIn(own.root))) linkTree(setAsideIn(own.root), setAsideIn(ready), kept);
    if (content !== undefined && !existsSync(aside))
      for (const file of namesIn(own.root))
        if (file !== 'set-aside' && !leftBehind.has(file))
          linkTree(own.root, join(setAsideIn(ready), `merged-${content}`), file);
  }
  return {
    put() {
      mkdirSync(paths.cells, { recursive: true });
      if (existsSync(own.root)) renameSync(own.root, old);
      renameSync(ready, own.root);
    },
    end() {
      rmSync(ready, { recursive: true, force: true });
      rmSync(old, { recursive: true, force: true });
    },
  };
}

/** Copies a cell's folder to where one's own keeps what is beside it. */
export function copyAside(paths: ResultsPaths, cellId: string, from: CellPaths, content: string): void {
  const target = asideOf(paths.cell(cellId), content);
  if (existsSync(target) || !existsSync(from.root)) return;
  const ready = join(paths.merging, `${cellId}.aside`);
  rmSync(ready, { recursive: true, force: true });
  mkdirSync(ready, { recursive: true });
  copyTree(from.root, ready);
  mkdirSync(setAsideIn(paths.cell(cellId).root), { recursive: true });
  renameSync(ready, target);
}

const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

/** Files that are one under several names, as weights are, stay one. */
function copyTree(from: string, to: string, copies = new Map<string, string>()): void {
  if (!existsSync(from)) return;
  refuseUnreadable(from);
  for (const entry of readdirSync(from)) {
    if (leftBehind.has(entry)) continue;
    const [source, target] = [join(from, entry), join(to, entry)];
    const stats = lstatSync(source);
    if (stats.isFile()) refuseUnreadable(source);
    if (stats.isDirectory()) {
      mkdirSync(target, { recursive: true });
      copyTree(source, target, copies);
    } else if (stats.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (stats.isFile()) {
      const key = `${stats.dev} ${stats.ino}`;
      const copy = stats.nlink > 1 ? copies.get(key) : undefined;
      if (copy === undefined || !linked(copy, target)) copyWhole(source, target);
      copies.set(key, target);
    }
  }
}

/** What can't be read there is no fault of the folder that is written. */
function refuseUnreadable(path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (cause) {
    throw new Error(`${path} can’t be read`, { cause });
  }
}

/** A second name for all files of a folder on the same disk, or copies of them where there are no such names. */
function linkTree(from: string, to: string, name: string): void {
  mkdirSync(to, { recursive: true });
  const [source, target] = [join(from, name), join(to, name)];
  const stats = lstatSync(source);
  if (stats.isDirectory()) {
    mkdirSync(target, { recursive: true });
    for (const entry of readdirSync(source)) linkTree(source, target, entry);
  } else if (!existsSync(target) && !linked(source, target)) copyWhole(source, target);
}

function linked(source: string, target: string): boolean {
  try {
    linkSync(source, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    return false;
  }
}

function copyWhole(source: string, target: string): void {
  copyFileSync(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const file = openSync(target, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
