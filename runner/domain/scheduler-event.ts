/** What the scheduler says as it happens: for views of a `grid run` that goes on. All that lasts is in the store. */
import type { TrainerEvent } from '../../trainer/contract/events.js';
import type { Failure } from './run.js';
import type { Labels } from './stored.js';

export type SchedulerEvent =
  | { type: 'runStarted'; slotId: string; cellId: string; attempt: number; labels: Labels; epochs: number }
  | { type: 'trainer'; slotId: string; cellId: string; event: TrainerEvent }
  | {
      type: 'runEnded';
      slotId: string;
      cellId: string;
      attempt: number;
      state: 'completed' | 'failed' | 'interrupted';
      failure?: Failure;
      /** The cell runs again after this pause; absent: it doesn't in this `grid run`. */
      retryInSeconds?: number;
    }
  | { type: 'slotBenched'; slotId: string; reason: string }
  /** No new cells; the running ones end after their epoch (`drain`) or now (`kill`). */
  | { type: 'stopping'; how: 'drain' | 'kill' };

export type SchedulerObserver = (event: SchedulerEvent) => void;

/** What a `grid run` did with the cells that it was given. */
export interface RunSummary {
  completed: number;
  failed: number;
  interrupted: number;
  /** Never started, or waiting for another try when it ended. */
  notRun: number;
  /** Why it ended before the queue did; absent otherwise. */
  stopped?: 'drain' | 'kill' | 'allSlotsBenched';
}
