/** How far grids are: from the store alone, so that it is true of runs of other processes too. */
import type { FailureClass } from '../domain/run.js';
import { hasFailed, isCutOff, type RunState, runStates, stateTable } from '../domain/run-state.js';
import type { Labels } from '../domain/stored.js';
import type { StoreReader } from '../store/run-store.js';
import { type RunProgress, readProgress } from './progress.js';

export interface GridStatus {
  grid: string;
  counts: Record<RunState, number>;
  running: { cell: string; labels: Labels; epoch: number; epochs: number; slot: string; holder: string }[];
  failed: { cell: string; labels: Labels; failure: FailureClass; message: string; attempts: number }[];
  /** Interrupted by a condition of the machine: they go on when it is over. */
  heldUp: { cell: string; labels: Labels; failure: FailureClass; message: string }[];
  /** What the trainers of the cells' last runs warned of: the first different ones of each cell. */
  warnings: { cell: string; labels: Labels; text: string; count: number }[];
  /** Of the runner that has it; null: nothing runs it now. */
  live: RunProgress | null;
}

/**
 * Of one grid, or of all.
 *
 * @throws StoreError `unknownGrid`
 */
export function readStatus(store: StoreReader, grid?: string): GridStatus[] {
  return store.snapshot(() => {
    const grids = grid === undefined ? store.grids() : [store.grid(grid)];
    return grids.map(({ name }) => statusOf(store, name));
  });
}

const isNotable = (state: RunState) => stateTable[state].held || hasFailed(state) || isCutOff(state);

function statusOf(store: StoreReader, grid: string): GridStatus {
  const status: GridStatus = {
    grid,
    counts: store.countsByState(grid),
    running: [],
    failed: [],
    heldUp: [],
    warnings: store.warningsOf(grid).map(({ cellId, ...warning }) => ({ cell: cellId, ...warning })),
    live: readProgress(store, grid),
  };
  if (!runStates.some(state => status.counts[state] > 0 && isNotable(state))) return status;
  for (const notable of store.notableCells(grid)) {
    const { cellId: cell, labels, state, failure } = notable;
    const why = { failure: failure?.class ?? 'crash', message: failure?.message ?? '' };
    if (stateTable[state].held) {
      const { epochs: epoch, epochsAsked, slotId: slot, holder } = notable;
      status.running.push({ cell, labels, epoch, epochs: epochsAsked ?? 0, slot, holder: holder ?? '' });
    } else if (hasFailed(state)) status.failed.push({ cell, labels, ...why, attempts: notable.attempts });
    else if (isCutOff(state) && failure !== null) status.heldUp.push({ cell, labels, ...why });
  }
  return status;
}
