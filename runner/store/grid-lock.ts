/** One `grid run` of a grid at a time. */
import { mkdirSync, rmSync, utimesSync } from 'node:fs';
import { atomicWrite } from './atomic-write.js';
import { heartbeatMs, isHolderAlive, type LockHolder, readHolder } from './lock-holders.js';
import { isSameProcess, ownIdentity } from './process-identity.js';
import { ResultsPaths } from './run-paths.js';
import { defaultDriver } from './sqlite.js';
import { asStoreError } from './store-error.js';

export class GridLockedError extends Error {
  override readonly name = 'GridLockedError';
  readonly exitCode = 2;

  constructor(
    readonly holder: LockHolder,
    lockFile: string,
  ) {
    super(
      `grid ${holder.grid} is being run by process ${holder.pid} on ${holder.host} since ${new Date(holder.sinceMs).toISOString()} (${holder.command}); stop that one, or wait for it. Lock: ${lockFile}`,
    );
  }
}

export interface GridLock {
  holder: LockHolder;
  /** Gives the grid free; does nothing the second time. */
  release(): void;
}

/**
 * Takes the lock of a grid; that of a holder that is gone is taken over, whatever killed it.
 *
 * @throws GridLockedError while another process (or this one) holds it; StoreError `notWritable`, `diskFull`.
 */
export async function acquireGridLock(resultsDir: string, grid: string): Promise<GridLock> {
  const paths = new ResultsPaths(resultsDir);
  const lockFile = paths.gridLock(grid);
  const exclusively = await mutex(paths);
  const holder: LockHolder = {
    grid,
    ...ownIdentity(),
    command: process.argv.slice(1).join(' '),
    sinceMs: Date.now(),
  };
  exclusively(() => {
    const other = readHolder(lockFile);
    if (other !== undefined && isHolderAlive(other, lockFile)) throw new GridLockedError(other, lockFile);
    atomicWrite(lockFile, `${JSON.stringify(holder, null, 2)}\n`);
  });
  const heartbeat = setInterval(() => {
    try {
      utimesSync(lockFile, new Date(), new Date());
    } catch {
      // Only other hosts read the time; the run goes on.
    }
  }, heartbeatMs).unref();
  let held = true;
  return {
    holder,
    release() {
      if (!held) return;
      held = false;
      clearInterval(heartbeat);
      exclusively(() => {
        const current = readHolder(lockFile);
        if (current !== undefined && isSameProcess(current, holder)) rmSync(lockFile, { force: true });
      });
    },
  };
}

/**
 * Runs a function while no other process is in it for the same results folder. The lock is SQLite's on an empty file, so
 * the system lets it go when its holder dies in the middle; a lock file of our own would need a lock for that.
 */
async function mutex(paths: ResultsPaths): Promise<(work: () => void) => void> {
  const { DatabaseSync } = await defaultDriver();
  return work => {
    try {
      mkdirSync(paths.locks, { recursive: true });
      const database = new DatabaseSync(paths.lockMutex, { timeout: 10_000 });
      try {
        database.exec('BEGIN EXCLUSIVE');
        work();
      } finally {
        database.close();
      }
    } catch (error) {
      throw asStoreError(error, paths.locks);
    }
  };
}
