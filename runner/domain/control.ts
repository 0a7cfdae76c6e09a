/** What a user asks of a grid, from any terminal: of the runner that has it, or of its next run. */

export type ControlVerb = 'pause' | 'resume' | 'cancel' | 'retry' | 'drain' | 'join' | 'priority';

export interface ControlRequest {
  verb: ControlVerb;
  /** Null: the whole grid (`pause`, `resume`), or the runner (`drain`, `join`). */
  cellId: string | null;
  /** Of `drain`; null: all of them. */
  slotId: string | null;
  /** Of `priority`: higher goes first; 0 is usual. */
  value: number | null;
  /** Of `join`: the slots file, absolute; null: what the runner's machine has. */
  file: string | null;
}

/** What became of it. */
export interface ControlAnswer {
  outcome: 'done' | 'refused';
  /** What was done, or why not. */
  answer: string;
}

export interface Control extends ControlRequest {
  control: number;
  timeMs: number;
}
