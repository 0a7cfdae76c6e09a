/** One execution of a cell. */
import type { FailureClass } from '../../trainer/contract/events.js';

export type { FailureClass } from '../../trainer/contract/events.js';

/** `interrupted`: drained or killed, goes on from its last epoch. `stopped`: ended early on purpose. */
export const runStates = ['queued', 'running', 'completed', 'failed', 'interrupted', 'stopped'] as const;
export type RunState = (typeof runStates)[number];

export interface Failure {
  class: FailureClass;
  message: string;
  /** Optimizer step at which it happened, where that is known. */
  step?: number;
}
