import type { DataSpec } from '../../trainer/contract/run-spec.js';
import type { Farm } from '../agents/server/farm.js';
import type { RunRef } from '../domain/run.js';
import type { SharedMemory, Slot } from '../domain/slot.js';
import type { TrainerQuestion } from '../trainer-client/ask-trainer.js';
import type {
  OfferedEngine,
  RunContext,
  RunHandle,
  SlotContext,
  SlotRun,
} from '../trainer-client/trainer-run.js';

/**
 * One place where one run can be at a time.
 *
 * - `slotId` is stable over restarts: it is stored with every run.
 * - A slot may keep a warm process between runs; it must replace it after anything but a clean end of a run.
 * - A slot survives whatever a trainer does (crash, garbage on stdout, endless lines) and serves the next run.
 * - No process that works in a cell's folder survives `kill()`, `close()`, or the start of the next run of that cell.
 */
export interface OpenSlot extends Slot {
  /** The entry's, see `SlotBackend`. */
  readonly dataRoot: string | null;
  /** Its runs go on without the runner that submitted them: the next one attaches to them by their ref. */
  readonly outlivesRunner: boolean;
  /** Data are sent to its machine, once, when the first run there needs them; absent: they are there. */
  readonly takesData?: boolean;
  /** Data that its machine keeps from earlier runs. */
  keepsData?(data: DataSpec): boolean;
  /** By the word of its machine alone it is on a GPU. */
  readonly saysGpu?: boolean;
  /** Of its device; undefined: not known. */
  readonly memoryMegabytes?: number;
  /** Absent: it has its own. */
  readonly shares?: SharedMemory;
  /** Until it is taken away, by one's own clock; absent: it isn't. A run that doesn't end before is drained in time. */
  secondsLeft?(): number;
  /**
   * Hands a run over. Resolves once the slot has it, to what it is known by from then on; the same run (cell and attempt) again is
   * the same one. Rejects if another is in progress.
   */
  submit(run: SlotRun): Promise<RunRef>;
  /**
   * Follows a run that was submitted, by this runner or an earlier one, from its first numbered event after `after` on. A run that
   * the slot doesn't know any more has failed as `lostSlot`.
   */
  attach(ref: RunRef, run: SlotRun, after: number): RunHandle;
  /** Cells that it could go on with by itself, from before. */
  readonly holds?: readonly string[];
  /** Ends the warm process, by force after a short grace. */
  close(): Promise<void>;
}

/** Is told of slots that come and go by themselves, while their entry is open. */
export interface SlotHost {
  /** @throws GridfarmError if a slot of its id is there already */
  join(slot: OpenSlot): void;
  /** The slot is gone for good; the backend ends its run as `lostSlot`, and closes it. */
  leave(slotId: string, reason: string): void;
  /** The coordinator that agents come to, one for all entries; it is closed with the slots. */
  farm(run: RunContext): Farm;
  /** Cells that are left to run, those that run among them; 0 until they begin to be run. */
  readonly wanted: number;
  /** For the user, a line. */
  say(words: string): void;
  /** Aborted when slots are wanted no longer. */
  readonly signal: AbortSignal;
  /** Done, and waited for, before all is closed. */
  whenClosed(work: () => Promise<void>): void;
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
  /** Slots may come by themselves later: a grid without any waits for them. */
  readonly slotsJoin?: boolean;
  /**
   * Opens the slots of one entry: those that are there. Without a `run` in the context nothing is begun or awaited. Rejects with words for the user if the machine lacks what the entry asks
   * for. Who has a slot closes it.
   */
  open(entry: Entry, context: SlotContext, host: SlotHost): Promise<OpenSlot[]>;
  /**
   * What is missing where the slots of one entry are to be, in words; empty: nothing. Starts nothing there. Without it an entry is
   * tried by opening it.
   */
  check?(entry: Entry, environment: NodeJS.ProcessEnv): Promise<string[]>;
  /** What a cluster would be asked for, where one is. */
  preview?(entry: Entry): string;
  /** Where the slots of one entry have the data, absolute; null: where each grid says. */
  dataRoot(entry: Entry): string | null;
  /**
   * The engine that the shared trainer runs on in the slots of one entry. Rejects with an EngineMissingError if it doesn't
   * come up.
   */
  engine(entry: Entry, context: SlotContext): Promise<OfferedEngine>;
  /**
   * Asks the shared trainer a question where the slots of one entry are, with their environment, engine and files, and on the device
   * of one of them if it computes; no slot need be open. Rejects as `askTrainer` does.
   */
  ask<Answer>(entry: Entry, question: TrainerQuestion, context: SlotContext): Promise<Answer>;
}
