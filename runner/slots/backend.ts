import type { DataInspection, EngineInfo, EngineName, TrainerEvent } from '../../trainer/contract/events.js';
import type { DataSpec, Precision, RunSpec } from '../../trainer/contract/run-spec.js';
import type { Failure } from '../domain/run.js';
import type { Slot } from '../domain/slot.js';

/** All that a slot needs to execute a cell once. Every path is absolute. */
export interface SlotRun {
  cellId: string;
  attempt: number;
  spec: RunSpec;
  /** Epochs on record from runs that this one goes on from; 0: it begins anew. */
  finishedEpochs: number;
  /** The cell's folder: what the trainer writes. Exists already. */
  runDir: string;
  /** Decoded data, shared by all cells. */
  cacheDir: string;
  /** The run spec as JSON, on disk already, for trainers that read a file. */
  specFile: string;
  /** Everything that the trainer says beside its events is appended here. */
  logFile: string;
  /** Names the process that works in `runDir`, so that one left over by a killed runner is found and ended. */
  processFile: string;
  /** The engine that the shared trainer is to run on; null: what the slot takes by itself. */
  engine: EngineName | null;
  /** Folder of the grid file: where an external trainer's command runs. */
  gridFolder: string;
}

/** How a run ended. `epoch`: finished epochs known to be reported. */
export type RunExit =
  | { outcome: 'completed'; weightsHash: string | null }
  | { outcome: 'interrupted'; epoch: number }
  /** Ended by `kill()`: only the unfinished epoch is lost. */
  | { outcome: 'killed'; epoch: number }
  | { outcome: 'failed'; failure: Failure };

/**
 * A run in progress.
 *
 * - `events` must be read to its end, once; it ends when the run has ended, however it ended, and never throws.
 * - `exit` settles right after, never rejects.
 * - `drain()` asks for an end after the running epoch, `kill()` for an end now; both return at once, may be called
 *   at any time and any number of times, and do nothing once the run has ended.
 */
export interface RunHandle {
  events: AsyncIterable<TrainerEvent>;
  exit: Promise<RunExit>;
  drain(): void;
  kill(): void;
}

/**
 * One place where one run can be at a time.
 *
 * - `slotId` is stable over restarts: it is stored with every run.
 * - A slot may keep a warm process between runs; it must replace it after anything but a clean end of a run.
 * - A slot survives whatever a trainer does (crash, garbage on stdout, endless lines) and serves the next run.
 * - No process that works in a cell's folder survives `kill()`, `close()`, or the start of the next run of that cell.
 */
export interface OpenSlot extends Slot {
  /** Throws if a run is in progress. */
  start(run: SlotRun): RunHandle;
  /** Ends the warm process, by force after a short grace. */
  close(): Promise<void>;
}

/** An engine as slots have it. */
export interface OfferedEngine extends EngineInfo {
  precisions: readonly Precision[];
}

/** No engine comes up where slots are to be: the machine's fault, whatever cells it is asked for. */
export class EngineMissingError extends Error {
  override readonly name = 'EngineMissingError';
}

/** What the slots of all backends are opened with. */
export interface SlotContext {
  /** Engine forced by the user; null: the trainer picks the best that loads. */
  engine: string | null;
  environment: NodeJS.ProcessEnv;
}

/**
 * A kind of machine that runs can be on. One object a backend, listed in `registry.ts`; the conformance suite
 * `test/slots/conformance.ts` runs against each.
 */
export interface SlotBackend<Entry = unknown> {
  /** Value of `backend` in a slots file. */
  readonly name: string;
  /** JSON Schema of the other keys of an entry. */
  readonly schema: object;
  /** Opens the slots of one entry. Rejects with words for the user if the machine lacks what the entry asks for. */
  open(entry: Entry, context: SlotContext): Promise<OpenSlot[]>;
  /**
   * The engine that the shared trainer runs on in the slots of one entry. Rejects with an EngineMissingError if it doesn't
   * come up.
   */
  engine(entry: Entry, context: SlotContext): Promise<OfferedEngine>;
  /**
   * Reads and decodes the data where the runs will read it; what is decoded is kept in `cacheDir` for the runs, as long as nothing
   * is wrong with it. Rejects if the inspection itself can't be run.
   */
  inspect(data: DataSpec, context: SlotContext, cacheDir: string): Promise<DataInspection>;
}
