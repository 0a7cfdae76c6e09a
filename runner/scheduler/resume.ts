import type { Cell } from '../domain/cell.js';
import type { Plan, PlannedCell } from '../grid/plan.js';

export interface QueuedCell {
  cell: Cell;
  /** Finished epochs that it goes on from. */
  fromEpoch: number;
  /** What is on disk of it must not be gone on from: it rests on other data or another trainer. */
  anew: boolean;
}

/**
 * The cells that a `grid run` queues: those begun before the new ones, so that an interrupted grid shows whole
 * results early; each group in the grid's order.
 */
export function queueOf(plan: Plan): QueuedCell[] {
  const toRun = plan.cells.filter(({ action }) => action === 'run');
  const begun = toRun.filter(({ fromEpoch }) => fromEpoch > 0);
  const others = toRun.filter(({ fromEpoch }) => fromEpoch === 0);
  return [...begun, ...others].map(toQueued);
}

const toQueued = ({ cell, fromEpoch, status }: PlannedCell): QueuedCell => ({
  cell,
  fromEpoch,
  anew: status.state === 'stale',
});
