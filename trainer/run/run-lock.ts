/** One writer a cell: an orphan of a killed runner and a new trainer never write the same checkpoints. */
import { join } from 'node:path';
import { describeHolder } from '../files/lock-content.js';
import { type HeldLock, LockHeldError, takeLock, type Waiting } from '../files/lock-file.js';

/** A trainer that is about to notice its runner's end ends within this. */
const patienceMs = 5_000;

/**
 * Holds `trainer.lock` in `runDir`. That of a holder that is gone is taken over, a live one is waited for; after five
 * seconds it is an error.
 */
export async function lockRun(runDir: string, waiting: Waiting = {}): Promise<HeldLock> {
  const path = join(runDir, 'trainer.lock');
  try {
    return await takeLock(path, { patienceMs, ...waiting });
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    throw new Error(
      `${path}: the cell is being written by ${describeHolder(error.holder)}; end it first, or remove the file if there is no such process`,
      { cause: error },
    );
  }
}
