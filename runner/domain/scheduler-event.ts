/** What the scheduler says as it happens: for views of a `grid run` that goes on. All that lasts is in the store. */
import type { TrainerEvent } from '../../trainer/contract/events.js';
import type { Failure } from './run.js';
import type { EndState, HeldState, RunState } from './run-state.js';
import type { Slot } from './slot.js';
import type { StopReason } from './stopping.js';
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
      /** It ended at a rung, after this epoch: what becomes of the cell is decided by what others come to. */
      atRung?: number;
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
  /** Of slots that are to come: why they don't, or what is done for them. */
  | { type: 'slotNews'; words: string }
  /** The user holds a cell back that isn't running, or takes that back. */
  | { type: 'cellHeld'; cellId: string; state: HeldState | 'queued' }
  /** The rule of the grid trains it no further. */
  | { type: 'cellStopped'; cellId: string; reason: StopReason }
  /** Cells with these values of axes aren't begun any more: several came to NaN, and none to a result. */
  | { type: 'broken'; values: string }
  /** No new cells; the running ones end after their epoch (`drain`) or now (`kill`). `limit`: what was set is used up. */
  | { type: 'stopping'; how: 'drain' | 'kill'; limit?: string };

export type SchedulerObserver = (event: SchedulerEvent) => void;

/** How a cell's part in a `grid run` ends, and the state that leaves it in. */
export const cellEnds = {
  completed: 'completed',
  failed: 'failed',
  interrupted: 'interrupted',
  /** Held back by the user. */
  paused: 'paused',
  /** Ended by the user for good. */
  cancelled: 'stopped',
  /** Ended by the rule of its grid. */
  stoppedEarly: 'stopped',
  /** Never started, or waiting for another try when it ended. */
  notRun: 'queued',
} as const satisfies Record<string, RunState>;
export type CellEnd = keyof typeof cellEnds;

const ends = Object.keys(cellEnds) as CellEnd[];

/** What a run that ended so makes of its cell. */
export const endAs = (state: EndState): CellEnd => ends.find(end => cellEnds[end] === state)!;

/** Cells by their end: an end that isn't named has none. */
export type EndCounts = Partial<Record<CellEnd, number>>;

/** Cells whose end leaves them in a state like that. */
export const countWhere = (counts: EndCounts, isLike: (state: RunState) => boolean): number =>
  ends.reduce((sum, end) => sum + (isLike(cellEnds[end]) ? (counts[end] ?? 0) : 0), 0);

/** What a `grid run` did with the cells that it was given. */
export interface RunSummary extends EndCounts {
  completed: number;
  failed: number;
  interrupted: number;
  notRun: number;
  /** Slots that were taken out of use. */
  benched?: ({ slotId: string } & SlotTrouble)[];
  /** Values of axes whose cells came to NaN, and whose other cells weren't begun for it. */
  broken?: string[];
  /** Why it ended before the queue did; absent otherwise. */
  stopped?: 'drain' | 'kill' | 'limit' | 'noSlotLeft' | 'gridLost';
}
