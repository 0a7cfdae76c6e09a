import type { DataInspection, EngineInfo } from '../../trainer/contract/events.js';
import type { DataSpec } from '../../trainer/contract/run-spec.js';
import { trainerVersionOf } from '../../trainer/contract/version.js';
import type { Cell } from '../domain/cell.js';
import type { Grid } from '../domain/grid.js';
import type { StoredResult } from '../domain/stored.js';
import { type Plan, type PlanOptions, plan } from '../grid/plan.js';
import type { StoreReader } from '../store/run-store.js';

/**
 * Plans a grid against the store.
 *
 * @param askEngine which engine runs would use now; takes a second, so it is called only if a stored result of the
 *   shared trainer may have become stale by another one
 */
export async function planGrid(
  grid: Grid,
  cells: readonly Cell[],
  store: StoreReader,
  inspections: ReadonlyMap<DataSpec, DataInspection>,
  askEngine: () => Promise<EngineInfo>,
  options: PlanOptions,
): Promise<Plan> {
  const stored = storedOf(grid, cells, store);
  const rests = stored.some(
    ({ provenance, epochs, spec }) => provenance !== null && epochs > 0 && spec.trainer === null,
  );
  const engines = rests ? [await askEngine()] : [];
  return plan(
    cells,
    stored,
    {
      trainerVersionOf: spec => trainerVersionOf(spec, inspections.get(spec.data)?.classes.length ?? 0),
      engines,
      fingerprintOf: data => inspections.get(data)?.fingerprint,
    },
    options,
  );
}

/** This grid's results, and those of its cells that another grid has trained. */
export function storedOf(grid: Grid, cells: readonly Cell[], store: StoreReader): StoredResult[] {
  const own = store.storedCells(grid.name);
  const known = new Set(own.map(({ cellId }) => cellId));
  const others = cells.map(({ cellId }) => cellId).filter(cellId => !known.has(cellId));
  return [...own, ...store.cellsById(others).values()];
}
