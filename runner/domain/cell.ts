/** One grid point. */
import type { RunSpec } from '../../trainer/contract/run-spec.js';

export interface Cell {
  /** 16 hex digits: hash of the canonical RunSpec without `data.root` and whatever its objective (cell-id.ts). */
  cellId: string;
  /** 0-based place in the grid's order: the last axis advances fastest, then come the included cells. */
  index: number;
  /** Axis path → label. Axes that don't apply to the cell (`when`) are absent. */
  labels: Readonly<Record<string, string>>;
  /** Fully resolved. Cells share its sections, which are frozen. */
  spec: Readonly<RunSpec>;
  /** Which entry of `include` it comes from; absent for cells of the product. */
  include?: number;
}
