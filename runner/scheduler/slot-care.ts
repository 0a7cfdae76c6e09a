import type { RunSummary, SchedulerObserver, SlotTrouble } from '../domain/scheduler-event.js';
import type { OpenSlot } from '../slots/backend.js';
import { Patience } from './patience.js';
import { SlotPool } from './slot-pool.js';
import { writeProblem } from './write-problem.js';

export interface SlotCareOptions {
  slots: readonly OpenSlot[];
  /** Where results are written. */
  folder: string;
  waitSeconds: number;
  /** Ends all waiting. */
  signal: AbortSignal;
  observe: SchedulerObserver;
  /** So many slots take cells now. */
  onUsable(count: number): void;
  /** No slot is left: all are benched, or the user has drained them. */
  onNoneLeft(why: 'allSlotsBenched' | 'drain'): void;
}

/** Which slots take cells: not those that wait for their machine, failed too many cells, or were drained by the user. */
export class SlotCare {
  readonly benched: NonNullable<RunSummary['benched']> = [];
  readonly #options: SlotCareOptions;
  readonly #pool: SlotPool;
  readonly #patience = new Map<OpenSlot, Patience>();

  constructor(options: SlotCareOptions) {
    this.#options = options;
    this.#pool = new SlotPool(options.slots);
    for (const slot of options.slots)
      this.#patience.set(slot, new Patience(options.waitSeconds, options.signal));
  }

  get usable(): number {
    return this.#pool.usable;
  }

  take(): OpenSlot {
    return this.#pool.take();
  }

  /** It works: what it was waited for before doesn't count any more. */
  isWell(slot: OpenSlot): void {
    this.#patience.get(slot)?.reset();
  }

  /** `fault`: how the run failed, if that may be the slot's. */
  giveBack(slot: OpenSlot, cellId: string, fault?: string): void {
    if (this.#pool.leave(slot)) this.#hasLeft(slot.slotId);
    else if (!this.#pool.giveBack(slot, cellId, fault !== undefined))
      this.#takeOutOfUse(slot, {
        reason: `several cells in a row failed on it, the last one: ${fault}`,
        sinceMs: Date.now(),
      });
  }

  /** It takes no more cells; what runs on it goes on. False: there is none of that name, or it takes none already. */
  drain(slotId: string): boolean {
    const drained = this.#pool.drain(slotId);
    if (drained === 'now') this.#hasLeft(slotId);
    return drained !== undefined;
  }

  /**
   * Keeps a slot from cells until its machine may be fit again: the next run shows whether it is.
   *
   * @param waitedSinceMs the run has waited too long already, since then
   */
  async suspend(slot: OpenSlot, reason: string, waitedSinceMs?: number): Promise<void> {
    const { observe, onUsable, signal, folder } = this.#options;
    const { slotId } = slot;
    const patience = this.#patience.get(slot)!;
    this.#pool.suspend(slot);
    onUsable(this.usable);
    const { sinceMs, untilMs } = patience.begin();
    if (waitedSinceMs === undefined) observe({ type: 'slotWaiting', slotId, reason, sinceMs, untilMs });
    const isFit = waitedSinceMs === undefined && (await waitUntilFit(folder, patience));
    if (!isFit && !signal.aborted) {
      this.#pool.bench(slot);
      this.#takeOutOfUse(slot, { reason, sinceMs: waitedSinceMs ?? sinceMs });
      return;
    }
    this.#pool.resume(slot);
    if (isFit) observe({ type: 'slotReady', slotId });
    onUsable(this.usable);
  }

  #takeOutOfUse({ slotId }: OpenSlot, trouble: SlotTrouble): void {
    this.benched.push({ slotId, ...trouble });
    this.#options.observe({ type: 'slotBenched', slotId, ...trouble });
    this.#hasGone();
  }

  #hasLeft(slotId: string): void {
    this.#options.observe({ type: 'slotDrained', slotId });
    this.#hasGone();
  }

  #hasGone(): void {
    if (this.#pool.isEmpty) this.#options.onNoneLeft(this.benched.length > 0 ? 'allSlotsBenched' : 'drain');
    this.#options.onUsable(this.usable);
  }
}

/** Waits until a folder can be written; false: no longer. */
export async function waitUntilFit(folder: string, patience: Patience): Promise<boolean> {
  while (await patience.pause()) if (writeProblem(folder) === undefined) return true;
  return false;
}
