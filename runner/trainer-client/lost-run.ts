import type { RunRef } from '../domain/run.js';
import { slotFailure } from './classify-exit.js';
import type { RunEvent, RunHandle } from './trainer-run.js';

/** A run that the slot it was attached to doesn't know any more. */
export function lostRun(slotId: string, ref: RunRef): RunHandle {
  const exit = slotFailure(new Error(`${slotId} doesn't know run ${ref} any more`));
  return { events: nothing(), exit: Promise.resolve(exit), drain() {}, kill() {} };
}

async function* nothing(): AsyncGenerator<RunEvent, void> {}
