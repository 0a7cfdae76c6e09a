import type { Cell } from '../domain/cell.js';
import { isWhole } from '../domain/run-state.js';
import type { StoreReader } from '../store/run-store.js';
import { epochSeconds, likeness, measuredEpochTimes } from './estimate.js';

export interface CellsCost {
  /** Those that have no whole result yet. */
  cells: number;
  /** Of training, one after the other: as long as the epochs of like cells of the grid took. */
  seconds: number;
  /** Cells of which nothing like has been measured; they are no part of `seconds`. */
  unknown: number;
}

/** What cells would cost by the measured epochs of a grid. */
export function costOfCells(
  cells: readonly Pick<Cell, 'cellId' | 'spec'>[],
  store: StoreReader,
  grid: string,
): CellsCost {
  return store.snapshot(() => {
    const measured = store.storedCells(grid);
    const times = measuredEpochTimes(
      measured,
      store.medianEpochSeconds(measured.map(({ cellId }) => cellId)),
    );
    const known = store.cellsById(cells.map(({ cellId }) => cellId));
    const cost: CellsCost = { cells: 0, seconds: 0, unknown: 0 };
    for (const { cellId, spec } of cells) {
      const stored = known.get(cellId);
      if (stored !== undefined && isWhole(stored.state)) continue;
      cost.cells++;
      const like = times.filter(time => likeness(time.spec) === likeness(spec));
      const seconds = epochSeconds(spec, like);
      if (seconds === undefined) cost.unknown++;
      else cost.seconds += seconds * Math.max(0, spec.train.epochs - (stored?.epochs ?? 0));
    }
    return cost;
  });
}
