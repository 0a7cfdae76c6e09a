import type { LiveProgress, SlotState } from '../domain/live.js';
import type { SlotTrouble } from '../domain/scheduler-event.js';
import type { Slot } from '../domain/slot.js';
import type { Labels, StoredResult } from '../domain/stored.js';
import type { StoreReader } from '../store/run-store.js';
import { readCurves } from './curves.js';

/** A cell on a slot, as far as its trainer has told. */
export interface CellProgress {
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
  /** The objective after the last epoch, and the best so far. */
  now: number | null;
  best: number | null;
  /** Of the last epoch; null: none has ended, or an external trainer doesn't say. */
  imagesPerSecond: number | null;
  /** Until its last epoch, by the median of its own; null: none has ended. */
  secondsLeft: number | null;
  /** That its run has told. */
  warnings: number;
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
    const { metric } = store.grid(grid).objective;
    const curves = readCurves(store, cellIds, ['trainLoss', metric, 'imagesPerSecond']);
    const seconds = store.medianEpochSeconds(cellIds);
    const warnings = warningsByCell(store, grid);
    const progress = new Map(store.progressOf(grid).map(each => [each.cellId, each]));
    return slots.map(({ slotId, backend, device, state, cell, reason, sinceMs, runs }) => {
      const stored = cell === null ? undefined : cells.get(cell.cellId);
      return {
        slot: { slotId, backend, device },
        state,
        trouble: reason === null || sinceMs === null ? null : { reason, sinceMs },
        cell: cell === null || stored === undefined ? null : { ...cell, ...progressOf(stored) },
        runs,
      };
    });

    function progressOf({ cellId, epochs, value, spec }: StoredResult): Omit<CellProgress, CellName> {
      const told = progress.get(cellId);
      const share = shareOf(told, epochs);
      const last = (name: string) => curves.get(cellId)?.get(name)?.at(-1)?.[1] ?? null;
      const epochSeconds = seconds.get(cellId);
      const epochsLeft = Math.max(0, spec.train.epochs - epochs - (share ?? 0));
      return {
        ...{ epochs: spec.train.epochs, epoch: epochs, progress: share, best: value },
        loss: told?.loss ?? last('trainLoss'),
        now: last(metric),
        imagesPerSecond: last('imagesPerSecond'),
        secondsLeft: epochSeconds === undefined ? null : epochsLeft * epochSeconds,
        warnings: warnings.get(cellId) ?? 0,
      };
    }
  });
}

type CellName = 'cellId' | 'labels' | 'attempt';

function warningsByCell(store: StoreReader, grid: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { cellId, count } of store.warningsOf(grid))
    counts.set(cellId, (counts.get(cellId) ?? 0) + count);
  return counts;
}

/** Null: what was told last is of an epoch that has ended. */
function shareOf(progress: LiveProgress | undefined, finished: number): number | null {
  if (progress === undefined || progress.epoch !== finished + 1 || progress.stepsPerEpoch <= 0) return null;
  return Math.min(1, Math.max(0, progress.step / progress.stepsPerEpoch));
}
