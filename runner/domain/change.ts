/** An entry of the journal: that something changed, not what it is now, which the store tells. */

/**
 * `grid`: its cells, or what is said of them; `run`: begun or ended; `epoch`: one more, or others; `cell`: queued, paused, stopped,
 * its priority; `refused`: a write without the lease; `slot`, `runner`, `control`: of the grid `subject`.
 */
export type ChangeKind =
  | 'grid'
  | 'cell'
  | 'run'
  | 'epoch'
  | 'progress'
  | 'warning'
  | 'note'
  | 'refused'
  | 'slot'
  | 'runner'
  | 'control';

export interface Change {
  number: number;
  timeMs: number;
  kind: ChangeKind;
  cellId: string | null;
  /** Name of a grid, for what is of one. */
  subject: string | null;
}

export interface Changes {
  /** False: the changes after the number that was asked for are no longer all kept; begin anew from what the store holds, and from `last`. */
  isWhole: boolean;
  changes: readonly Change[];
  /** Where to go on. */
  last: number;
}
