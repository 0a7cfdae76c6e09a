/** Something that may stand where the cursor is. */
export interface Candidate {
  value: string;
  words?: string;
}

/** What the store knows. */
export type StoredKind = 'grids' | 'cells' | 'axes' | 'slots';
