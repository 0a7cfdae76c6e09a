/** What came of bringing another results folder into one. */

/** A cell that both folders have something different of. */
export interface Differing {
  cellId: string;
  /** Where what wasn't taken is now; null: where it was. */
  aside: string | null;
}

/** Both have completed it, with different results. */
export interface MergeConflict extends Differing {
  kept: 'ours' | 'theirs';
  /** Nobody has said which is to be kept. */
  isOpen: boolean;
  ours: MergeResult;
  theirs: MergeResult;
}

export interface MergeResult {
  /** Value of the cell's objective at its best epoch. */
  value: number | null;
  weightsHash: string | null;
  engine: string | null;
  host: string | null;
  endedMs: number | null;
}

export interface MergeReport {
  /** As it was named. */
  folder: string;
  cells: number;
  /** Taken, where nothing was here. */
  added: number;
  /** Here already, or nothing of it there. */
  same: number;
  /** Further there, and taken. */
  taken: Differing[];
  /** Further here, and kept. */
  kept: Differing[];
  conflicts: MergeConflict[];
  /** What was left out, with its reason. */
  problems: string[];
}
