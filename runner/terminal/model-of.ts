import type { Plan } from '../domain/plan.js';
import type { Slot } from '../domain/slot.js';
import type { BestCell, GridRecord } from '../domain/stored.js';
import { RunModel } from './run-model.js';

/**
 * The model of a `grid run` that is about to begin.
 *
 * @param best cell of the grid before
 */
export function modelOf(
  best: BestCell | null,
  plan: Plan,
  slots: readonly Slot[],
  { objective }: GridRecord,
): RunModel {
  return new RunModel({
    slots,
    objective,
    completedBefore: plan.counts.completed,
    best,
    queue: plan.cells
      .filter(({ action }) => action === 'run')
      .map(({ cell, fromEpoch }) => ({
        cellId: cell.cellId,
        epochsLeft: Math.max(0, cell.spec.train.epochs - fromEpoch),
      })),
  });
}
