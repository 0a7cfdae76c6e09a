/** One execution of a cell. */
import type { FailureClass } from '../../trainer/contract/events.js';

export type { FailureClass } from '../../trainer/contract/events.js';

export interface Failure {
  class: FailureClass;
  message: string;
  /** Optimizer step at which it happened, where that is known. */
  step?: number;
}

/** What a slot knows a run by that goes on without its runner: text of the slot's own. */
export type RunRef = string;
