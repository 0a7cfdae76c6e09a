import { type RetryPolicy, retryDelaySeconds } from '../domain/retry-policy.js';
import type { Failure, FailureClass } from '../domain/run.js';

/** Failures that may be the slot's and not the cell's: what a cell needs of memory and time is its own. */
export function mayBeFaultOfSlot({ class: failure }: Failure): boolean {
  return failure === 'crash' || failure === 'lostSlot';
}

/**
 * Counts a cell's failures by class during one `grid run`. An epoch that was finished since resets them for lost slots alone: on
 * machines that come and go a long cell is lost often.
 */
export class RetryCounter {
  readonly #failures = new Map<string, number>();
  #epochs = 0;

  constructor(readonly policy: RetryPolicy) {}

  /**
   * Seconds until the cell is to be tried again after this failure; undefined: not again.
   *
   * @param epochs finished ones that are on record
   */
  afterFailure({ class: failure }: Failure, epochs: number): number | undefined {
    if (epochs > this.#epochs) this.#failures.delete('lostSlot' satisfies FailureClass);
    this.#epochs = Math.max(this.#epochs, epochs);
    const failures = (this.#failures.get(failure) ?? 0) + 1;
    this.#failures.set(failure, failures);
    return retryDelaySeconds(this.policy, failure, failures);
  }
}
