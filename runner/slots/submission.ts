import type { RunRef } from '../domain/run.js';
import { slotFailure } from '../trainer-client/classify-exit.js';
import type { RunEvent, RunExit, RunHandle, SlotRun } from '../trainer-client/trainer-run.js';
import type { OpenSlot } from './backend.js';

/** Hands a run to a slot and follows it as one: it may be drained and killed from the beginning. */
export function startOn(slot: OpenSlot, run: SlotRun): RunHandle {
  return new Submission(slot, run);
}

class Submission implements RunHandle {
  readonly events: AsyncIterable<RunEvent>;
  readonly exit: Promise<RunExit>;
  #settle!: (exit: RunExit) => void;
  /** Once the slot has the run. */
  #handle: RunHandle | undefined;
  #drained = false;
  readonly #killed = new AbortController();

  constructor(
    private readonly slot: OpenSlot,
    private readonly run: SlotRun,
  ) {
    this.exit = new Promise(resolve => {
      this.#settle = resolve;
    });
    this.events = this.#follow();
  }

  drain(): void {
    this.#drained = true;
    this.#handle?.drain();
  }

  kill(): void {
    this.#killed.abort();
    this.#handle?.kill();
  }

  async *#follow(): AsyncGenerator<RunEvent, void> {
    const { slot, run } = this;
    const { signal } = this.#killed;
    let exit: RunExit = { outcome: 'killed', epoch: run.finishedEpochs };
    let ref: RunRef | undefined;
    try {
      if (signal.aborted) return;
      ref = await slot.submit({ ...run, signal });
      if (slot.outlivesRunner) yield { type: 'submitted', ref };
      const handle = slot.attach(ref, run, 0);
      this.#handle = handle;
      if (this.#drained) handle.drain();
      if (signal.aborted) handle.kill();
      yield* handle.events;
      exit = await handle.exit;
    } catch (error) {
      if (!signal.aborted) exit = slotFailure(error);
    } finally {
      // A consumer that stops reading early leaves a run that nobody watches.
      if (ref !== undefined && this.#handle === undefined) slot.attach(ref, run, 0).kill();
      this.#settle(exit);
    }
  }
}
