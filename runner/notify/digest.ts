/** How a grid is, as it is told of: from readings alone. */
import { statfsSync } from 'node:fs';
import type { LiveRunner, SlotState } from '../domain/live.js';
import type { Objective } from '../domain/metric.js';
import type { RunState } from '../domain/run-state.js';
import type { BestCell, Labels } from '../domain/stored.js';
import { readLeaderboard } from '../leaderboard/leaderboard.js';
import type { LeaderboardRow } from '../leaderboard/row.js';
import { readCurves } from '../readings/curves.js';
import { readLastRun } from '../readings/progress.js';
import { type GridStatus, readStatus } from '../readings/status.js';
import type { StoreReader } from '../store/run-store.js';

/** Of the leaderboard. */
const topRows = 3;

export interface Digest {
  grid: string;
  objective: Objective;
  counts: Record<RunState, number>;
  /** Null: nothing has ever run it. */
  runner: LiveRunner | null;
  /** Until the last cell is done; null: not known. */
  secondsLeft: number | null;
  running: RunningCell[];
  failed: GridStatus['failed'];
  slots: { slotId: string; state: SlotState; reason: string | null; isBusy: boolean }[];
  best: BestCell | null;
  top: LeaderboardRow[];
  /** Bytes that are free where the results are; null: not known. */
  freeBytes: number | null;
}

interface RunningCell {
  cell: string;
  labels: Labels;
  slot: string;
  epoch: number;
  epochs: number;
  /** The objective after its last epoch, and the best so far. */
  now: number | null;
  best: number | null;
}

/** @throws StoreError `unknownGrid` */
export function readDigest(store: StoreReader, grid: string, results: string): Digest {
  return store.snapshot(() => {
    const status = readStatus(store, grid)[0]!;
    const { objective } = store.grid(grid);
    const run = readLastRun(store, grid);
    return {
      ...{ grid, objective, counts: status.counts, failed: status.failed },
      runner: run?.runner ?? null,
      secondsLeft: run?.secondsLeft ?? null,
      running: runningCells(store, status, objective),
      slots: (run?.slots ?? []).map(({ slot, state, trouble, cell }) => ({
        ...{ slotId: slot.slotId, state },
        ...{ reason: trouble?.reason ?? null, isBusy: cell !== null },
      })),
      best: store.bestCell(grid),
      top: readLeaderboard(store, { grid, top: topRows }).rows,
      freeBytes: freeBytes(results),
    };
  });
}

function runningCells(store: StoreReader, { running }: GridStatus, { metric }: Objective): RunningCell[] {
  const ids = running.map(({ cell }) => cell);
  const curves = readCurves(store, ids, [metric]);
  const stored = store.cellsById(ids);
  return running.map(({ cell, labels, slot, epoch, epochs }) => ({
    ...{ cell, labels, slot, epoch, epochs },
    now: curves.get(cell)?.get(metric)?.at(-1)?.[1] ?? null,
    best: stored.get(cell)?.value ?? null,
  }));
}

function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
