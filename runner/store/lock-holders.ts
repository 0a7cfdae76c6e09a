/** Lock files: who holds which grid, and whether they are still there. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAlive, isSameProcess, type ProcessIdentity } from './process-identity.js';
import type { ResultsPaths } from './run-paths.js';

export interface LockHolder extends ProcessIdentity {
  grid: string;
  command: string;
  sinceMs: number;
}

/** A holder sets its lock file's time this often; … */
export const heartbeatMs = 5_000;
/** … and counts as gone after this much silence, where its process can't be looked for: on another host. */
const silenceMs = 60_000;

/** Undefined: not held, or no lock file of ours. */
export function readHolder(lockFile: string): LockHolder | undefined {
  try {
    const holder = JSON.parse(readFileSync(lockFile, 'utf8')) as LockHolder;
    return typeof holder.pid === 'number' && typeof holder.host === 'string' ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the holder of this lock file is still there. */
export function isHolderAlive(holder: LockHolder, lockFile: string): boolean {
  if (holder.host === hostname()) return isAlive(holder);
  const touched = statSync(lockFile, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - touched < silenceMs;
}

/** Grids' locks whose holders are still there. */
export function liveHolders({ locks }: ResultsPaths): LockHolder[] {
  let files: string[];
  try {
    files = readdirSync(locks).filter(file => file.endsWith('.json'));
  } catch {
    return [];
  }
  return files.flatMap(file => {
    const holder = readHolder(join(locks, file));
    return holder !== undefined && isHolderAlive(holder, join(locks, file)) ? [holder] : [];
  });
}

/** Whether the process that owns a run is still there; one of another host is if it holds a grid. */
export function isOwnerAlive(owner: ProcessIdentity, paths: ResultsPaths): boolean {
  if (owner.host === hostname()) return isAlive(owner);
  return liveHolders(paths).some(holder => isSameProcess(holder, owner));
}
