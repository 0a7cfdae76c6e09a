import { setTimeout as sleep } from 'node:timers/promises';
import { machineCondition } from '../../../trainer/contract/machine-conditions.js';

const pauseMs = 5000;

/**
 * Work that a condition of this machine holds up (a disk that is full) is done once that is over; until then `tell` hears of it.
 *
 * @throws what is no condition of the machine; and whatever there is once `signal` gives it up
 */
export async function patiently<T>(
  work: () => T,
  tell: (reason: string) => void,
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    try {
      return work();
    } catch (error) {
      const condition = machineCondition(error);
      if (condition === undefined || signal.aborted) throw error;
      tell(`${condition}: ${(error as Error).message}`);
      await sleep(pauseMs, undefined, { signal });
    }
  }
}
