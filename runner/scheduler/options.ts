import type { RetryPolicy } from '../domain/retry-policy.js';
import type { SchedulerObserver } from '../domain/scheduler-event.js';
import type { Labels } from '../domain/stored.js';
import type { CurrentInputs } from '../grid/identity/inputs/trainer-inputs.js';
import type { SlotSet } from '../slots/slot-set.js';
import type { ResultsPaths } from '../store/run-paths.js';
import type { Outcome } from './breakers.js';
import type { KnownMemory, KnownTimes } from './placement/placement.js';
import type { RunContext, RunRecorder } from './run-cell.js';
import type { GridStopping } from './stopping/rungs.js';

export interface SchedulerOptions {
  /** Closed by its owner. */
  slots: SlotSet;
  store: RunRecorder;
  paths: ResultsPaths;
  /** Folder of the grid file: where external trainers run. */
  gridFolder: string;
  retry: RetryPolicy;
  /** What runs of the grid's own trainer rest on, as it is now; null: the shared trainer. */
  inputs: (() => CurrentInputs) | null;
  fingerprintOf?: RunContext['fingerprintOf'];
  /** Limit of one run; null: none. */
  timeoutSeconds: number | null;
  /** So long a slot, or a cell, waits for the machine. */
  waitSeconds: number;
  /** So long a slot that goes on with a run of an earlier runner is waited for, where slots may come; 180 by default. */
  rejoinSeconds?: number;
  /** For who goes where and in which order; absent: nothing is known. */
  times?: KnownTimes | undefined;
  /** For how many go where at a time; absent: nothing is known. */
  memory?: KnownMemory | undefined;
  /** How cells of the grid ended before, as far as that tells of the others. */
  outcomes?: readonly { cellId: string; labels: Labels; outcome: Outcome }[];
  /** Null, absent: every cell is trained to its end. */
  stopping?: GridStopping | null;
  observe: SchedulerObserver;
  /** Whether the grid is still this runner's: another may take it while this process is suspended. */
  holdsGrid?: () => boolean;
}
