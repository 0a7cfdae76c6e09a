import type { LiveProgress, SlotState } from '../domain/live.js';
import type { SlotTrouble } from '../domain/scheduler-event.js';
import type { Slot } from '../domain/slot.js';
import type { Labels } from '../domain/stored.js';
import type { StoreReader } from '../store/run-store.js';
import { readCurves } from './curves.js';

/** A cell on a slot, as far as its trainer has told. */
interface CellProgress {
  cellId: string;
  labels: Labels;
  attempt: number;
  epochs: number;
  /** Finished epochs. */
  epoch: number;
  /** Of the running epoch, 0 to 1; null before the first report. */
  progress: number | null;
  /** As it was told last, else that of the last epoch. */
  loss: number | null;
  /** Best objective so far. */
  best: number | null;
}

export interface SlotReading {
  slot: Slot;
  state: SlotState;
  /** Why it waits for its machine, or is benched; null: it does neither. */
  trouble: SlotTrouble | null;
  cell: CellProgress | null;
  /** Runs that have ended on it. */
  runs: number;
}

/** Slots of a grid's runner, and what runs on them. */
export function readSlots(store: StoreReader, grid: string): SlotReading[] {
  return store.snapshot(() => {
    const slots = store.slotsOf(grid);
    const cellIds = slots.flatMap(({ cell }) => cell?.cellId ?? []);
    const cells = store.cellsById(cellIds);
    const losses = readCurves(store, cellIds, ['trainLoss']);
    const progress = new Map(store.progressOf(grid).map(each => [each.cellId, each]));
    return slots.map(({ slotId, backend, device, state, cell, reason, sinceMs, runs }) => {
      const stored = cell === null ? undefined : cells.get(cell.cellId);
      return {
        slot: { slotId, backend, device },
        state,
        trouble: reason === null || sinceMs === null ? null : { reason, sinceMs },
        cell:
          cell === null || stored === undefined
            ? null
            : {
                ...cell,
                epochs: stored.spec.train.epochs,
                epoch: stored.epochs,
                progress: shareOf(progress.get(cell.cellId), stored.epochs),
                loss:
                  progress.get(cell.cellId)?.loss ??
                  losses.get(cell.cellId)?.get('trainLoss')?.at(-1)?.[1] ??
                  null,
                best: stored.value,
              },
        runs,
      };
    });
  });
}

/** Null: what was told last is of an epoch that has ended. */
function shareOf(progress: LiveProgress | undefined, finished: number): number | null {
  if (progress === undefined || progress.epoch !== finished + 1 || progress.stepsPerEpoch <= 0) return null;
  return Math.min(1, Math.max(0, progress.step / progress.stepsPerEpoch));
}
