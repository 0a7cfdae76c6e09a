import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ResultsPaths } from '../store/run-paths.js';

/** Enough to tell a disk that is full from one that has a corner left. */
const sample = new Uint8Array(1 << 20);

/** What stops files from being written to a folder, found out by writing one; undefined: nothing. */
export function writeProblem(folder: string): string | undefined {
  const path = join(folder, `.probe-${process.pid}.tmp`);
  try {
    mkdirSync(folder, { recursive: true });
    const file = openSync(path, 'w');
    try {
      for (let at = 0; at < sample.length; ) at += writeSync(file, sample, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    try {
      rmSync(path, { force: true });
    } catch {
      // As it can't be written, it isn't there.
    }
  }
}

/** What the machine's condition is of: the cell's folder alone, or all that a slot would write. */
export function whatIsUnfit(paths: ResultsPaths, cellId: string): 'fitFolder' | 'fitSlot' {
  if (writeProblem(paths.cells) !== undefined) return 'fitSlot';
  return writeProblem(paths.cell(cellId).root) === undefined ? 'fitSlot' : 'fitFolder';
}
