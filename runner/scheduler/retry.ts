import { type RetryPolicy, retryDelaySeconds } from '../domain/retry-policy.js';
import type { Failure } from '../domain/run.js';

/** Failures that may be the slot's and not the cell's: what a cell needs of memory and time is its own. */
export function mayBeFaultOfSlot({ class: failure }: Failure): boolean {
  return failure === 'crash' || failure === 'lostSlot';
}

/** Counts a cell's failures by class during one `grid run`; an epoch that was finished since doesn't reset them. */
export class RetryCounter {
  readonly #failures = new Map<string, number>();

  constructor(readonly policy: RetryPolicy) {}

  /** Seconds until the cell is to be tried again after this failure; undefined: not again. */
  afterFailure({ class: failure }: Failure): number | undefined {
    const failures = (this.#failures.get(failure) ?? 0) + 1;
    this.#failures.set(failure, failures);
    return retryDelaySeconds(this.policy, failure, failures);
  }
}
