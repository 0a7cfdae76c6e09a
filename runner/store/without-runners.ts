/** Work on a results folder that no `grid run` may go on beside. */
import { LockHeldError, takeLock } from '../../trainer/files/lock-file.js';
import { beingRebuilt, describeRunner, liveHolders, settleHolders } from './lock-holders.js';
import type { ResultsPaths } from './run-paths.js';
import { asStoreError, StoreError } from './store-error.js';

interface Away {
  /** What is done, for whoever meets it: `rebuilt` where it is left out. */
  doing?: string;
  onWait?: ((words: string) => void) | undefined;
  /** The folder is only read: where it can't be written no lock is taken, since no runner can be there either. */
  isRead?: boolean;
}

/**
 * Works while nobody runs a grid of the folder, and nobody begins to.
 *
 * @throws StoreError `busy` while a grid is being run, or another works so; `notWritable`, `diskFull`
 */
export async function withoutRunners<T>(
  paths: ResultsPaths,
  { doing, onWait, isRead = false }: Away,
  work: () => T | Promise<T>,
): Promise<T> {
  const lock = await takeRebuildLock(paths, doing, onWait).catch((error: unknown) => {
    if (isRead && error instanceof StoreError && error.problem === 'notWritable') return undefined;
    throw error;
  });
  try {
    // Whoever takes a grid's lock from now on sees this one, and gives it back.
    await settleHolders(paths, { onWait });
    const [held] = liveHolders(paths);
    if (held !== undefined)
      throw new StoreError(
        'busy',
        `${paths.store}: ${describeRunner(held.holder)}; stop it first. Lock: ${held.path}`,
      );
    return await work();
  } catch (error) {
    throw asStoreError(error, paths.root);
  } finally {
    lock?.release();
  }
}

async function takeRebuildLock(
  paths: ResultsPaths,
  doing: string | undefined,
  onWait?: (words: string) => void,
) {
  try {
    return await takeLock(paths.rebuildLock, {
      patienceMs: 0,
      ...(doing !== undefined && { details: { doing } }),
      ...(onWait && { onWait }),
    });
  } catch (error) {
    if (error instanceof LockHeldError) throw beingRebuilt(paths, error.holder);
    throw asStoreError(error, paths.locks);
  }
}
