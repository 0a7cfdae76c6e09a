/** What a run of a grid would do, cell by cell, and why; what it costs; what of it is queued. */
import type { EngineName } from '../../trainer/contract/events.js';
import type { Cell } from './cell.js';
import type { Failure } from './run.js';
import type { StoredCell } from './stored-cell.js';

export type CellState =
  | { state: 'new' }
  | { state: 'completed' }
  /**
   * Goes on after `epoch` finished epochs: on `engine`, the one that it was begun on, where that isn't the slots' own; where that
   * isn't there any more, on the slots' own, and `engineChange` says so.
   */
  | { state: 'interrupted'; epoch: number; engine?: EngineName; engineChange?: string }
  | { state: 'failed'; epoch: number; failure: Failure | undefined; attempts: number }
  /** Held back by the user until `grid resume`. */
  | { state: 'paused'; epoch: number; engine?: EngineName; engineChange?: string }
  /** Ended early on purpose; it counts as done. `byRule`: by its grid's, and what comes in may let it go on after all. */
  | { state: 'stopped'; epoch: number; byRule?: true }
  /** Held by a living runner. */
  | { state: 'running'; epoch: number; holder: string | undefined }
  /** A result that would come out differently now, or a run that can't go on to one for that reason (`unfinished`). */
  | { state: 'stale'; epoch: number; reasons: string[]; unfinished?: true };

/** When a cell that a plan finds in a state is run: by itself, only when the user asks for it in one way or the other, or not at all. */
export type Starts = 'byItself' | 'onRetry' | 'onResume' | 'onRerun' | 'no';

/** The states of a plan in the order in which they are shown: when such a cell starts, and whether it goes on from its epochs then. */
export const planStates: Readonly<Record<CellState['state'], { starts: Starts; goesOn: boolean }>> = {
  new: { starts: 'byItself', goesOn: false },
  interrupted: { starts: 'byItself', goesOn: true },
  stale: { starts: 'onRerun', goesOn: false },
  failed: { starts: 'onRetry', goesOn: true },
  paused: { starts: 'onResume', goesOn: true },
  running: { starts: 'no', goesOn: false },
  stopped: { starts: 'no', goesOn: false },
  completed: { starts: 'no', goesOn: false },
};

export const namesOfPlanStates = Object.keys(planStates) as CellState['state'][];

export interface PlannedCell {
  cell: Cell;
  status: CellState;
  /** What to do: train it, from `fromEpoch` finished epochs on, or leave it. */
  action: 'run' | 'skip';
  fromEpoch: number;
  /** The shard that it is in, where that isn't the one that is planned for: it is left to that one. */
  otherShard?: number;
}

/** `2/5`: the second of five parts of a grid, each of which another machine may run. */
export interface Shard {
  /** From 1 to `of`. */
  number: number;
  of: number;
}

export interface Plan {
  cells: PlannedCell[];
  /** The part of the grid that is planned for; absent: all of it. */
  shard?: Shard;
  /** Number of cells in each state, without those of other shards; every state is there. */
  counts: Record<CellState['state'], number>;
  /** Results of this grid whose cells are no longer in it. */
  removed: StoredCell[];
  /** Results of an external trainer that were made before its files were recorded. */
  unknownInputs: number;
}

export interface Estimate {
  /** Cells to run. */
  cells: number;
  /** Epochs that are left in them. */
  epochs: number;
  /** Sum over the cells whose epoch time is known. */
  seconds: number;
  /** Wall seconds with the slots, for those cells; longest cells first. */
  finishSeconds: number;
  /** Cells (and their epochs) that nothing like has been measured of. */
  unknownCells: number;
  unknownEpochs: number;
}

/** What a slot would do of a plan. */
export interface SlotForecast {
  slotId: string;
  device: string;
  cells: number;
  /** Until its last cell is done. */
  seconds: number;
  /** Until all is done, by its price. */
  cost: number;
}

/** What cells to be run need of memory, by what was measured of like ones, in MB. */
export interface MemoryForecast {
  /** Null: of none. */
  least: number | null;
  most: number | null;
  /** Cells that nothing like has been measured of. */
  unknown: number;
}

export interface QueuedCell {
  cell: Cell;
  /** Finished epochs that it goes on from. */
  fromEpoch: number;
  /** What is on disk of it must not be gone on from: it rests on other data or another trainer. */
  anew: boolean;
  /** The engine to run it on; null: whatever the slot takes. */
  engine: EngineName | null;
  /** By the user: higher goes first. */
  priority?: number;
  /** Held back by the user before the run began: it runs only if that is taken back. */
  isPaused?: boolean;
}
