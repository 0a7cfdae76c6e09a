import type { Slot } from '../domain/slot.js';
import type { TrainerQuestion } from '../trainer-client/ask-trainer.js';
import type { OfferedEngine, RunHandle, SlotContext, SlotRun } from '../trainer-client/trainer-run.js';

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
  /** Throws if a run is in progress. */
  start(run: SlotRun): RunHandle;
  /** Ends the warm process, by force after a short grace. */
  close(): Promise<void>;
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
  /** Where the slots of one entry have the data, absolute; null: where each grid says. */
  dataRoot(entry: Entry): string | null;
  /**
   * The engine that the shared trainer runs on in the slots of one entry. Rejects with an EngineMissingError if it doesn't
   * come up.
   */
  engine(entry: Entry, context: SlotContext): Promise<OfferedEngine>;
  /**
   * Asks the shared trainer a question where the slots of one entry are, with their environment, engine and files; no slot need be
   * open. Rejects as `askTrainer` does.
   */
  ask<Answer>(entry: Entry, question: TrainerQuestion, context: SlotContext): Promise<Answer>;
}
