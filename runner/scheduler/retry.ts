import { pauseSeconds, type RetryPolicy, retryDelaySeconds } from '../domain/retry-policy.js';
import type { Failure, FailureClass } from '../domain/run.js';
import { machineOf } from '../domain/slot.js';

/** Failures that may be the slot's and not the cell's: what a cell needs of memory and time is its own. */
export function mayBeFaultOfSlot({ class: failure }: Failure): boolean {
  return failure === 'crash' || failure === 'lostSlot';
}

/** The slot that a run failed on. */
export interface FailedSlot {
  slotId: string;
  /** It has left: its agent is silent, revoked, at its end. */
  isGone: boolean;
  /** Of memory than there was, alone or on another slot. */
  mayHaveMore?: boolean;
}

/** A cell that machines go away with is to blame after so many times as many runs as its rule allows, even if it is always the same machine. */
const timesOnSameMachines = 4;

/**
 * Counts a cell's failures by class during one `grid run`. An epoch that was finished since resets them for lost slots alone: on
 * machines that come and go a long cell is lost often. That a machine is gone is its own doing, unless as many different ones as
 * the rule allows runs went with this cell before it got on: it may be what ends them.
 */
export class RetryCounter {
  readonly #failures = new Map<string, number>();
  readonly #goneMachines = new Set<string>();
  #gone = 0;
  #epochs = 0;

  constructor(readonly policy: RetryPolicy) {}

  /**
   * Seconds until the cell is to be tried again after this failure; undefined: not again.
   *
   * @param epochs finished ones that are on record
   */
  afterFailure(
    { class: failure }: Failure,
    epochs: number,
    { slotId, isGone, mayHaveMore = false }: FailedSlot,
  ): number | undefined {
    if (epochs > this.#epochs) {
      this.#failures.delete('lostSlot' satisfies FailureClass);
      this.#goneMachines.clear();
      this.#gone = 0;
    }
    this.#epochs = Math.max(this.#epochs, epochs);
    if (failure === 'lostSlot' && isGone) return this.#afterGone(machineOf(slotId));
    const failures = (this.#failures.get(failure) ?? 0) + 1;
    this.#failures.set(failure, failures);
    const { attempts, backoffSeconds } = this.policy.outOfMemory;
    if (failure === 'outOfMemory' && mayHaveMore && attempts > 1) return backoffSeconds;
    return retryDelaySeconds(this.policy, failure, failures);
  }

  #afterGone(machine: string): number | undefined {
    const { attempts, backoffSeconds } = this.policy.lostSlot;
    this.#goneMachines.add(machine);
    this.#gone++;
    const isToBlame = this.#goneMachines.size >= attempts || this.#gone >= timesOnSameMachines * attempts;
    return isToBlame ? undefined : pauseSeconds(backoffSeconds, this.#gone);
  }
}
