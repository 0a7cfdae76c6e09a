/** What the store has of the cells that are compared. */
import type { FailureClass } from '../domain/run.js';
import { hasFailed, isShort } from '../domain/run-state.js';
import type { StoredCell } from '../domain/stored-cell.js';
import type { StoreReader } from '../store/run-store.js';
import type { CellRows } from './cells.js';

/** Failures that say nothing of the cell. */
const notOfTheCell: ReadonlySet<FailureClass> = new Set<FailureClass>(['lostSlot', 'environment']);

/** By cellId; none of cells that aren't stored. */
export function readRows(
  store: Pick<StoreReader, 'cellsById' | 'curves'>,
  cellIds: readonly string[],
  metric: string,
): Map<string, CellRows> {
  const curves = new Map(store.curves(cellIds, [metric]).map(({ cellId, points }) => [cellId, points]));
  return new Map(
    [...store.cellsById(cellIds)].map(([cellId, cell]) => [cellId, rowsOf(cell, curves.get(cellId) ?? [])]),
  );
}

const rowsOf = (
  { epochs, state, failure, rung }: Pick<StoredCell, 'epochs' | 'state' | 'failure' | 'rung'>,
  values: CellRows['values'],
): CellRows => ({
  epochs,
  values,
  hasFailed: hasFailed(state) && failure !== undefined && !notOfTheCell.has(failure.class),
  isOut: isShort(state) && rung === undefined,
});
