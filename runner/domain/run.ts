/** One execution of a cell. */
import type { FailureClass } from '../../trainer/contract/events.js';

export type { FailureClass } from '../../trainer/contract/events.js';

export interface Failure {
  class: FailureClass;
  message: string;
  /** Optimizer step at which it happened, where that is known. */
  step?: number;
}

/** A failure that says nothing of the cell: it is as if it hadn't been run yet. */
export const isOfTheMachine = (failure: FailureClass): boolean =>
  failure === 'lostSlot' || failure === 'environment';

/** What a slot knows a run by that goes on without its runner: text of the slot's own. */
export type RunRef = string;
