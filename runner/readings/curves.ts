import type { Curve } from '../domain/stored.js';
import type { StoreReader } from '../store/run-store.js';

/** Points of the metrics that a cell has, by metric. */
export type CellCurves = ReadonlyMap<string, Curve['points']>;

/** Some metrics of some cells over their epochs, by cellId. */
export function readCurves(
  store: StoreReader,
  cellIds: readonly string[],
  metrics: readonly string[],
): Map<string, CellCurves> {
  const cells = new Map(cellIds.map(cellId => [cellId, new Map<string, Curve['points']>()]));
  for (const { cellId, metric, points } of store.curves(cellIds, metrics))
    cells.get(cellId)!.set(metric, points);
  return cells;
}
