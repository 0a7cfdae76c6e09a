import type { Objective } from '../domain/metric.js';
import type { Standing } from '../domain/stored.js';
import type { StoreReader } from '../store/run-store.js';

/** What a grid's cells have come to: what is ranked. */
export interface GridStandings {
  grid: string;
  objective: Objective;
  standings: Standing[];
  /** Latest note by cellId. */
  notes: ReadonlyMap<string, string>;
}

/**
 * Of the grid of that name; without: of the only one there is.
 *
 * @throws StoreError `unknownGrid`
 */
export function readStandings(store: StoreReader, name?: string): GridStandings {
  return store.snapshot(() => {
    const { name: grid, objective } = store.grid(name);
    return { grid, objective, standings: store.standings(grid), notes: store.latestNotes(grid) };
  });
}
