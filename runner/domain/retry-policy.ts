/** How often and after what pause a failed cell is tried again, by class of failure. */
import type { FailureClass } from '../../trainer/contract/events.js';

export interface RetryRule {
  /** Runs of a cell in all; 1: no second try. */
  attempts: number;
  /** Pause before the second run; it doubles before each further one, up to five minutes. */
  backoffSeconds: number;
}

/** A bad configuration fails the same way each time, and what the machine's condition stops is no failure: they have no rule. */
export type RetryPolicy = Record<Exclude<FailureClass, 'badConfiguration' | 'environment'>, RetryRule>;

/** Pauses grow no longer, unless the first one is. */
const longestPauseSeconds = 300;

/** A lost slot is no fault of the cell; a NaN loss and a timeout come again, since training is deterministic. */
export const defaultRetryPolicy: RetryPolicy = {
  outOfMemory: { attempts: 2, backoffSeconds: 10 },
  crash: { attempts: 3, backoffSeconds: 2 },
  lostSlot: { attempts: 5, backoffSeconds: 2 },
  nanLoss: { attempts: 1, backoffSeconds: 0 },
  timeout: { attempts: 1, backoffSeconds: 0 },
};

/**
 * Pause in seconds before the next run of a cell that failed for the `failures`-th time (1-based) with this
 * class, or undefined when it is not tried again.
 */
export function retryDelaySeconds(
  policy: RetryPolicy,
  failure: FailureClass,
  failures: number,
): number | undefined {
  if (failure === 'badConfiguration' || failure === 'environment') return undefined;
  const { attempts, backoffSeconds } = policy[failure];
  return failures < attempts ? pauseSeconds(backoffSeconds, failures) : undefined;
}

/** Seconds before what has failed for the `times`-th time (1-based) is tried again. */
export const pauseSeconds = (backoffSeconds: number, times: number): number =>
  Math.min(backoffSeconds * 2 ** (times - 1), Math.max(backoffSeconds, longestPauseSeconds));
