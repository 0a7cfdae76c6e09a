import type { EngineName } from '../../trainer/contract/events.js';
import { type CellState, type Plan, type PlannedCell, planStates, type QueuedCell } from '../domain/plan.js';

/**
 * The cells that a `grid run` queues: those begun before the new ones, so that an interrupted grid shows whole
 * results early; each group in the grid's order, but what the user prefers first. Paused ones come along, should they be resumed, and those that the grid's rule has stopped.
 *
 * @param priorityOf of a cell, by the user
 */
export function queueOf(
  plan: Plan & { engine: EngineName | null },
  priorityOf: (cellId: string) => number,
): QueuedCell[] {
  const toRun = plan.cells.filter(isQueued);
  const queue = toRun.map(({ cell, fromEpoch, status }): QueuedCell => {
    const isPaused = isHeldBack(status);
    return {
      cell,
      fromEpoch,
      anew: planStates[status.state].starts === 'onRerun',
      // Named also where the slots take it by themselves: should it go away, cells must not change over to another one.
      engine: ('engine' in status ? status.engine : undefined) ?? plan.engine,
      priority: priorityOf(cell.cellId),
      isPaused,
    };
  });
  // Each change of the engine costs a slot a new trainer.
  const rank = ({ engine, fromEpoch }: QueuedCell) =>
    (engine !== plan.engine ? 2 : 0) + (fromEpoch > 0 ? 1 : 0);
  return queue.sort((a, b) => b.priority! - a.priority! || rank(b) - rank(a));
}

const isQueued = ({ action, status, otherShard }: PlannedCell) =>
  action === 'run' || ((isHeldBack(status) || isRuledOut(status)) && otherShard === undefined);

const isRuledOut = (status: CellState) => 'byRule' in status;

const isHeldBack = ({ state }: CellState) => planStates[state].starts === 'onResume';
