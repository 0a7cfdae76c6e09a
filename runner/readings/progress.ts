import type { LiveRunner, RunTroubles } from '../domain/live.js';
import type { Objective } from '../domain/metric.js';
import type { BestCell } from '../domain/stored.js';
import type { StoreReader } from '../store/run-store.js';
import { readSlots, type SlotReading } from './slots.js';

/** A grid that is running, as its runner's own view shows it. */
export interface RunProgress extends RunTroubles {
  objective: Objective;
  runner: LiveRunner;
  slots: SlotReading[];
  /** Cells that were to be run, and what became of them. */
  total: number;
  completed: number;
  failed: number;
  interrupted: number;
  running: number;
  queued: number;
  /** Cells of the grid that were completed before. */
  completedBefore: number;
  /** Until the last cell is done; absent before anything was measured. */
  secondsLeft?: number | undefined;
  best: BestCell | null;
  stopping: 'drain' | 'kill' | null;
}

/** Null: nothing runs the grid now. */
export function readProgress(store: StoreReader, name: string): RunProgress | null {
  return store.snapshot(() => (store.runnerOf(name)?.isAlive ? readLastRun(store, name) : null));
}

/** Of the runner that has the grid or had it last; null: none ever. */
export function readLastRun(store: StoreReader, name: string): RunProgress | null {
  return store.snapshot(() => {
    const runner = store.runnerOf(name);
    if (runner === null) return null;
    const slots = readSlots(store, name);
    const { epochsLeft, secondsPerEpoch, ...totals } = store.runTotals(name, runner.startedMs);
    const { completed, failed, interrupted, running, queued } = totals;
    const workers = slots.filter(({ state }) => state !== 'benched' && state !== 'drained').length;
    const lanes = Math.max(1, Math.min(workers, running + queued));
    return {
      objective: store.grid(name).objective,
      runner,
      slots,
      ...totals,
      ...store.runTroubles(name, runner.startedMs),
      total: completed + failed + interrupted + running + queued,
      ...(secondsPerEpoch !== null && { secondsLeft: (epochsLeft * secondsPerEpoch) / lanes }),
      best: store.bestCell(name),
      stopping: runner.stopping,
    };
  });
}
