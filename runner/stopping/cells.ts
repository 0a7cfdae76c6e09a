/** What is known of the cells that are compared. */
import type { Labels } from '../domain/stored.js';

export interface StoppableCell {
  cellId: string;
  /** Equal for cells that differ only in their seed: one configuration. */
  family: string;
  labels: Labels;
  /** That it is to be trained. */
  epochs: number;
  warmupEpochs: number;
  /** That its objective is measured on; null: not known, or the objective is no share of them. */
  images: number | null;
  /** What the objective is by chance; null: not known. */
  chance: number | null;
}

/** How far a cell has come, by the stored rows. */
export interface CellRows {
  /** Finished ones. */
  epochs: number;
  /** The objective by epoch, in order; null is NaN. */
  values: readonly (readonly [epoch: number, value: number | null])[];
  /** It has failed for good, by a fault of its own. */
  hasFailed: boolean;
  /** The user has taken it out of the grid's work. */
  isOut: boolean;
}

export const noRows: CellRows = { epochs: 0, values: [], hasFailed: false, isOut: false };
