/** One `grid run` of a grid at a time. */
import type { LockHolder } from '../../trainer/files/lock-content.js';
import { type HeldLock, LockHeldError, takeLock } from '../../trainer/files/lock-file.js';
import { GridfarmError } from '../domain/error.js';
import {
  describeRunner,
  refuseDuringRebuild,
  removeAbandonedLocks,
  settleHolders,
  watchOf,
} from './lock-holders.js';
import { ResultsPaths } from './run-paths.js';
import { asStoreError } from './store-error.js';

export class GridLockedError extends GridfarmError {
  override readonly name = 'GridLockedError';

  constructor(
    /** Undefined: the lock can't be read. */
    readonly holder: LockHolder | undefined,
    lockFile: string,
  ) {
    super('held', `${describeRunner(holder)}; stop that one, or wait for it. Lock: ${lockFile}`);
  }
}

/**
 * Takes the lock of a grid; that of a holder that is gone is taken over, whatever killed it. A holder of another machine
 * is watched until it is known whether it is there, which `onWait` is told.
 *
 * @throws GridLockedError while another process (or this one) holds it; StoreError `busy` while the store is rebuilt, `notWritable`, `diskFull`.
 */
export async function acquireGridLock(
  resultsDir: string,
  grid: string,
  onWait?: (words: string) => void,
): Promise<HeldLock> {
  const paths = new ResultsPaths(resultsDir);
  const lockFile = paths.gridLock(grid);
  try {
    await settleHolders(paths, { onWait });
    await removeAbandonedLocks(paths);
    const details = { grid, command: process.argv.slice(1).join(' ') };
    const lock = await takeLock(lockFile, { patienceMs: 0, details, watch: watchOf(lockFile) });
    try {
      refuseDuringRebuild(paths);
    } catch (error) {
      lock.release();
      throw error;
    }
    return lock;
  } catch (error) {
    if (error instanceof LockHeldError) throw new GridLockedError(error.holder, lockFile);
    throw asStoreError(error, paths.locks);
  }
}
