/** What a trainer is started for, and how that ended. */
import type { EngineInfo, EngineName, TrainerEvent } from '../../trainer/contract/events.js';
import type { Precision, RunSpec } from '../../trainer/contract/run-spec.js';
import { GridfarmError } from '../domain/error.js';
import type { Failure, RunRef } from '../domain/run.js';
import type { ArtifactPort } from './artifacts.js';

/** All that a slot needs to execute a cell once. It names no path of this machine: those come through `artifacts`. */
export interface SlotRun {
  cellId: string;
  attempt: number;
  /**
   * Its data lie where the slot has them. `init.from` is the grid's own name of the weights: a slot that hasn't this machine's files
   * takes them from `artifacts` by their hash, and says where it has put them.
   */
  spec: RunSpec;
  /** Epochs on record from runs that this one goes on from; 0: it begins anew. */
  finishedEpochs: number;
  /** It ends after this epoch, as if it were drained; absent: after the last one. A program in place of the trainer may go one epoch further. */
  untilEpoch?: number | undefined;
  /** What slots have kept of the cell by themselves is nothing to go on from; absent: false. */
  anew?: boolean;
  /** The engine that the shared trainer is to run on; null: what the slot takes by itself. Slots of agents have their machine's own. */
  engine: EngineName | null;
  artifacts: ArtifactPort;
  /** Of its data, by what they hold: a slot that has them somewhere by itself starts no run on others. Absent: they weren't looked at. */
  dataFingerprint?: string | undefined;
  /** Aborted when it is to be killed: a slot that hasn't it by then rejects it. */
  signal?: AbortSignal;
}

/** How a run ended. `epoch`: finished epochs known to be reported. */
export type RunExit =
  | { outcome: 'completed'; weightsHash: string | null }
  | { outcome: 'interrupted'; epoch: number }
  /** Ended by `kill()`: only the unfinished epoch is lost. */
  | { outcome: 'killed'; epoch: number }
  | { outcome: 'failed'; failure: Failure };

/**
 * What a run tells. Slots whose runs outlive the runner number what is kept (all but `progress`, `ready` and `waiting`) from 1, without
 * gaps; after another `attach` some may come again.
 */
export type RunEvent = (TrainerEvent & { number?: number }) | { type: 'submitted'; ref: RunRef };

/**
 * A run in progress.
 *
 * - `events` must be read to its end, once; it ends when the run has ended, however it ended, and never throws.
 * - `exit` settles right after, never rejects.
 * - `drain()` asks for an end after the running epoch, `kill()` for an end now; both return at once, may be called
 *   at any time and any number of times, and do nothing once the run has ended.
 */
export interface RunHandle {
  events: AsyncIterable<RunEvent>;
  exit: Promise<RunExit>;
  drain(): void;
  kill(): void;
}

/** An engine as slots have it. */
export interface OfferedEngine extends EngineInfo {
  precisions: readonly Precision[];
}

/** No engine comes up where slots are to be: the machine's fault, whatever cells it is asked for. */
export class EngineMissingError extends GridfarmError {
  override readonly name = 'EngineMissingError';

  constructor(message: string, options?: ErrorOptions) {
    super('environment', message, options);
  }
}

/** What the slots of all backends are opened with. */
export interface SlotContext {
  /** Engine forced by the user; null: the trainer picks the best that loads. */
  engine: EngineName | null;
  environment: NodeJS.ProcessEnv;
  /** The `grid run` that they are opened for: agents are awaited and started for one alone. Absent: nothing is to run. */
  run?: RunContext;
}

/** A `grid run`. */
export interface RunContext {
  /** Name under which the results keep the grid. */
  grid: string;
  /** Absolute folder. */
  results: string;
}
