/** One execution of a cell. */
import type { FailureClass } from '../../trainer/contract/events.js';

export type { FailureClass } from '../../trainer/contract/events.js';

export interface Failure {
  class: FailureClass;
  message: string;
  /** Optimizer step at which it happened, where that is known. */
  step?: number;
}
