import { isBetter } from '../domain/metric.js';
import type { Plan } from '../domain/plan.js';
import type { Slot } from '../domain/slot.js';
import type { GridRecord } from '../domain/stored.js';
import type { StoreReader } from '../store/run-store.js';
import { type BestCell, RunModel } from './run-model.js';

/** The model of a `grid run` that is about to begin. */
export function modelOf(store: StoreReader, plan: Plan, slots: readonly Slot[], grid: GridRecord): RunModel {
  let best: BestCell | null = null;
  for (const { cellId, labels, present, value, bestEpoch } of store.storedCells(grid.name))
    if (present && value !== null && isBetter(grid.objective, value, best?.value))
      best = { cellId, labels, value, epoch: bestEpoch ?? 0 };
  return new RunModel({
    slots,
    objective: grid.objective,
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
