import { hasFailed } from '../domain/run-state.js';
import type { StoredResult } from '../domain/stored.js';
import type { StoreWriter } from '../store/run-store.js';
import { type Answered, isRunning, steer } from './steer.js';

export interface Retried {
  /** By their ids, each once. */
  cells: readonly string[];
  /** What the runner of a running grid says to it; undefined: none runs, and the next one takes them. */
  answers: readonly Answered[] | undefined;
  /** Those that were stale when that was last looked at: they begin anew. */
  stale: readonly string[];
}

/**
 * Queues cells again: those named by the beginnings of their ids, and with `failed` those that have failed, of one grid or of all.
 *
 * @throws StoreError for a cell or grid that isn't there
 */
export async function retryCells(
  store: StoreWriter,
  prefixes: readonly string[],
  { failed, grid }: { failed: boolean; grid: string | undefined },
): Promise<Retried> {
  const grids = grid === undefined ? store.grids() : [store.grid(grid)];
  const chosen: StoredResult[] = [
    ...prefixes.map(prefix => store.findCell(prefix)),
    ...(failed ? grids.flatMap(({ name }) => store.storedCells(name)) : []).filter(({ state }) =>
      hasFailed(state),
    ),
  ];
  const idsOf = (results: readonly StoredResult[]) => [...new Set(results.map(({ cellId }) => cellId))];
  const cells = idsOf(chosen);
  const stale = idsOf(chosen.filter(({ staleReasons }) => staleReasons.length > 0));
  // Without cells a runner would be asked of the whole grid.
  if (cells.length > 0 && store.grids().some(({ name }) => isRunning(store, name)))
    return { cells, stale, answers: await steer(store, { verb: 'retry', cells }) };
  store.requeue(cells);
  return { cells, stale, answers: undefined };
}
