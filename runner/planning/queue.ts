import type { EngineName } from '../../trainer/contract/events.js';
import type { Plan, QueuedCell } from '../domain/plan.js';

/**
 * The cells that a `grid run` queues: those begun before the new ones, so that an interrupted grid shows whole
 * results early; each group in the grid's order.
 */
export function queueOf(plan: Plan & { engine: EngineName | null }): QueuedCell[] {
  const toRun = plan.cells.filter(({ action }) => action === 'run');
  const begun = toRun.filter(({ fromEpoch }) => fromEpoch > 0);
  const others = toRun.filter(({ fromEpoch }) => fromEpoch === 0);
  const queue = [...begun, ...others].map(
    ({ cell, fromEpoch, status }): QueuedCell => ({
      cell,
      fromEpoch,
      anew: status.state === 'stale',
      // Named also where the slots take it by themselves: should it go away, cells must not change over to another one.
      engine: (status.state === 'interrupted' ? status.engine : undefined) ?? plan.engine,
    }),
  );
  // Each change of the engine costs a slot a new trainer.
  return [
    ...queue.filter(({ engine }) => engine !== plan.engine),
    ...queue.filter(({ engine }) => engine === plan.engine),
  ];
}
