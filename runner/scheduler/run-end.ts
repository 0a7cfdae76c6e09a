/** What the end of a run is stored as. */
import type { Failure } from '../domain/run.js';
import type { HeldState } from '../domain/run-state.js';
import type { RunEnd } from '../store/run-store.js';
import type { RunExit } from '../trainer-client/trainer-run.js';

export const stoppedByMachine = (message: string): RunEnd & { state: 'interrupted' } => ({
  state: 'interrupted',
  failure: { class: 'environment', message },
});

/** `cut`: what the run was killed for; undefined: it wasn't. `wish`: what it was ended for by the user. */
export function endOf(exit: RunExit, cut: Failure | undefined, wish: HeldState | undefined): RunEnd {
  switch (exit.outcome) {
    case 'completed':
      return { state: 'completed', ...(exit.weightsHash !== null && { weightsHash: exit.weightsHash }) };
    case 'interrupted':
      return { state: wish ?? 'interrupted' };
    case 'killed':
      if (cut === undefined) return { state: wish ?? 'interrupted' };
      return cut.class === 'environment' ? stoppedByMachine(cut.message) : { state: 'failed', failure: cut };
    case 'failed':
      return exit.failure.class === 'environment'
        ? stoppedByMachine(exit.failure.message)
        : { state: 'failed', failure: exit.failure };
  }
}
