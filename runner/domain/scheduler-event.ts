/** What the scheduler says as it happens: for views of a `grid run` that goes on. All that lasts is in the store. */
import type { TrainerEvent } from '../../trainer/contract/events.js';
import type { Failure } from './run.js';
import type { EndState } from './run-state.js';
import type { Slot } from './slot.js';
import type { Labels } from './stored.js';

/** Why a slot takes no cells, and since when (milliseconds since 1970). */
export interface SlotTrouble {
  reason: string;
  sinceMs: number;
}

export type SchedulerEvent =
  | { type: 'runStarted'; slotId: string; cellId: string; attempt: number; labels: Labels; epochs: number }
  | { type: 'trainer'; slotId: string; cellId: string; event: TrainerEvent }
  | {
      type: 'runEnded';
      slotId: string;
      cellId: string;
      attempt: number;
      state: EndState;
      /** Of a failed run, and of one that a condition of the machine interrupted. */
      failure?: Failure;
      /** The cell runs again after this pause; absent: it doesn't in this `grid run`. */
      retryInSeconds?: number;
    }
  /** A condition of the machine: the slot takes no cell until it is over, at the latest at `untilMs`. */
  | ({ type: 'slotWaiting'; slotId: string; untilMs: number } & SlotTrouble)
  /** It takes cells again. */
  | { type: 'slotReady'; slotId: string }
  | ({ type: 'slotBenched'; slotId: string } & SlotTrouble)
  /** The user wants no more cells on it. */
  | { type: 'slotDrained'; slotId: string }
  /** A slot has come while the grid runs, … */
  | ({ type: 'slotJoined' } & Slot)
  /** … or gone by itself. */
  | { type: 'slotLeft'; slotId: string; reason: string }
  /** The user holds a cell back that isn't running, or takes that back. */
  | { type: 'cellHeld'; cellId: string; state: 'paused' | 'stopped' | 'queued' }
  /** No new cells; the running ones end after their epoch (`drain`) or now (`kill`). */
  | { type: 'stopping'; how: 'drain' | 'kill' };

export type SchedulerObserver = (event: SchedulerEvent) => void;

/** What a `grid run` did with the cells that it was given. */
export interface RunSummary {
  completed: number;
  failed: number;
  interrupted: number;
  /** Held back by the user; absent: none. */
  paused?: number;
  /** Ended by the user for good; absent: none. */
  cancelled?: number;
  /** Never started, or waiting for another try when it ended. */
  notRun: number;
  /** Slots that were taken out of use. */
  benched?: ({ slotId: string } & SlotTrouble)[];
  /** Why it ended before the queue did; absent otherwise. */
  stopped?: 'drain' | 'kill' | 'noSlotLeft' | 'gridLost';
}
