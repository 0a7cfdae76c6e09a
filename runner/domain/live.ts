/** What is known of a grid that is running, beside its cells. Times are milliseconds since 1970. */
import type { Failure } from './run.js';
import type { Labels } from './stored.js';

export type SlotState = 'idle' | 'running' | 'waiting' | 'draining' | 'drained' | 'benched';

export interface LiveSlot {
  slotId: string;
  backend: string;
  device: string;
  state: SlotState;
  cell: { cellId: string; labels: Labels; attempt: number } | null;
  /** Why it waits for its machine or takes no cells, since when, and how long at most. */
  reason: string | null;
  sinceMs: number | null;
  untilMs: number | null;
  /** Runs that have ended on it. */
  runs: number;
}

export interface LiveProgress {
  cellId: string;
  /** The running epoch, from 1. */
  epoch: number;
  /** Steps of it that are done. */
  step: number;
  stepsPerEpoch: number;
  loss: number | null;
  timeMs: number;
}

export interface LiveRunner {
  /** For people: `process 12 on host`. */
  holder: string;
  /** False: it has ended, or is gone. */
  isAlive: boolean;
  startedMs: number;
  endedMs: number | null;
  stopping: 'drain' | 'kill' | null;
}

/** Cells of a grid by what its runner has done with them, and what is left. */
export interface RunTotals {
  completed: number;
  failed: number;
  interrupted: number;
  running: number;
  /** Also those that wait to be tried again. */
  queued: number;
  /** Completed before the runner began. */
  completedBefore: number;
  /** Of running and queued cells. */
  epochsLeft: number;
  /** Of the cells that it has run; null: none has been measured. */
  secondsPerEpoch: number | null;
}

/** What went wrong in the runs of a runner. */
export interface RunTroubles {
  /** Of the run that failed last, or that a condition of the machine interrupted. */
  lastFailure: { cellId: string; failure: Failure; timeMs: number } | null;
  /** How many were told. */
  warnings: number;
  /** The newest different one. */
  lastWarning: { cellId: string; text: string } | null;
}
