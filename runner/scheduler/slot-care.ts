import { setTimeout as sleep } from 'node:timers/promises';
import type {
  RunSummary,
  SchedulerEvent,
  SchedulerObserver,
  SlotTrouble,
} from '../domain/scheduler-event.js';
import type { OpenSlot } from '../slots/backend.js';
import type { SlotSet } from '../slots/slot-set.js';
import { Patience } from './patience.js';
import { SlotPool } from './slot-pool.js';
import { writeProblem } from './write-problem.js';

/** A slot that may come back with the run that it had is waited for so long. */
const rejoinSeconds = 180;

export interface SlotCareOptions {
  slots: SlotSet;
  /** Where results are written. */
  folder: string;
  waitSeconds: number;
  /** See `rejoinSeconds`. */
  rejoinSeconds?: number | undefined;
  /** Ends all waiting. */
  signal: AbortSignal;
  observe: SchedulerObserver;
  /** The queue may have so many slots now. */
  onUsable(count: number): void;
  /** No slot is left, and none may come: the user has drained them all, or some went otherwise. */
  onNoneLeft(why: 'noSlotLeft' | 'drain'): void;
}

/**
 * Which slots take cells: those that are there and have come since, but not those that wait for their machine, failed too many
 * cells, or were drained by the user.
 */
export class SlotCare {
  readonly benched: NonNullable<RunSummary['benched']> = [];
  readonly #options: SlotCareOptions;
  readonly #pool = new SlotPool();
  /** All that have gone went by the user's wish. */
  #isDrained = true;
  readonly #patience = new Map<OpenSlot, Patience>();
  /** Those whose machine isn't fit. */
  readonly #waiting = new Set<OpenSlot>();
  /** Those that have left by themselves, as was told, and whose run hasn't ended yet. */
  readonly #lost = new Set<OpenSlot>();
  /** By name: who waits for a slot to come. */
  readonly #wanted = new Map<string, (slot: OpenSlot) => void>();

  constructor(options: SlotCareOptions) {
    this.#options = options;
    for (const slot of options.slots.all) this.#add(slot);
    options.slots.watch({
      joined: slot => this.#joined(slot),
      left: (slot, why) => this.#left(slot, why),
      said: words => options.observe({ type: 'slotNews', words }),
    });
  }

  get usable(): number {
    return this.#pool.usable;
  }

  get free(): readonly OpenSlot[] {
    return this.#pool.free;
  }

  get inUse(): readonly OpenSlot[] {
    return this.#pool.inUse;
  }

  take(chosen: OpenSlot | undefined): OpenSlot {
    return this.#pool.take(chosen);
  }

  /** It has left by itself, and what runs on it goes with it. */
  isGoing(slot: OpenSlot): boolean {
    return this.#lost.has(slot);
  }

  /** It takes no more cells since it is about to go by itself. */
  expire(slot: OpenSlot, reason: string): void {
    this.#left(slot, reason);
  }

  /** Takes the slot of that name beside the queue, waiting for it where slots may come. Undefined: it isn't there. */
  async claim(slotId: string): Promise<OpenSlot | undefined> {
    const { slots, signal, onUsable } = this.#options;
    const there = this.#pool.claim(slotId);
    if (there !== undefined) onUsable(this.usable);
    if (there !== undefined || !slots.mayGrow) return there;
    const seconds = this.#options.rejoinSeconds ?? rejoinSeconds;
    const over = new AbortController();
    const waited = sleep(seconds * 1000, undefined, { signal: AbortSignal.any([signal, over.signal]) });
    const came = new Promise<OpenSlot>(resolve => this.#wanted.set(slotId, resolve));
    const slot = await Promise.race([came, waited.catch(() => undefined)]);
    this.#wanted.delete(slotId);
    over.abort();
    return slot;
  }

  /** It works: what it was waited for before doesn't count any more. */
  isWell(slot: OpenSlot): void {
    this.#patience.get(slot)?.reset();
  }

  /** `fault`: how the run failed, if that may be the slot's. */
  giveBack(slot: OpenSlot, cellId: string, fault?: string): void {
    const before = this.usable;
    const became = this.#pool.giveBack(slot, cellId, fault !== undefined);
    if (became === 'gone') this.#hasLeft(slot);
    else if (became === 'benched')
      this.#takeOutOfUse(slot, {
        reason: `several cells in a row failed on it, the last one: ${fault}`,
        sinceMs: Date.now(),
      });
    // One that was claimed is the queue's now.
    else if (this.usable !== before) this.#options.onUsable(this.usable);
  }

  /** It takes no more cells; what runs on it goes on. False: there is none of that name, or it takes none already. */
  drain(slotId: string): boolean {
    const slot = this.#pool.named(slotId);
    if (slot !== undefined) this.#withdraw(slot);
    return slot !== undefined;
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
    if (!this.#pool.suspend(slot)) {
      this.#hasLeft(slot);
      return;
    }
    this.#waiting.add(slot);
    onUsable(this.usable);
    const { sinceMs, untilMs } = patience.begin();
    if (waitedSinceMs === undefined) observe({ type: 'slotWaiting', slotId, reason, sinceMs, untilMs });
    const isFit = waitedSinceMs === undefined && (await waitUntilFit(folder, patience));
    this.#waiting.delete(slot);
    if (!isFit && !signal.aborted) {
      if (this.#pool.remove(slot)) this.#takeOutOfUse(slot, { reason, sinceMs: waitedSinceMs ?? sinceMs });
      return;
    }
    if (!this.#pool.resume(slot)) return;
    if (isFit) observe({ type: 'slotReady', slotId });
    onUsable(this.usable);
  }

  #add(slot: OpenSlot): void {
    this.#pool.add(slot);
    this.#patience.set(slot, new Patience(this.#options.waitSeconds, this.#options.signal));
  }

  #joined(slot: OpenSlot): void {
    const { slotId, backend, device } = slot;
    this.#add(slot);
    this.#options.observe({ type: 'slotJoined', slotId, backend, device });
    const wanted = this.#wanted.get(slotId);
    if (wanted !== undefined) wanted(this.#pool.claim(slotId)!);
    this.#options.onUsable(this.usable);
  }

  #left(slot: OpenSlot, reason: string): void {
    if (!this.#patience.has(slot)) return;
    this.#options.observe({ type: 'slotLeft', slotId: slot.slotId, reason });
    this.#lost.add(slot);
    this.#withdraw(slot);
  }

  #withdraw(slot: OpenSlot): void {
    if (this.#pool.withdraw(slot, this.#waiting.has(slot))) this.#hasLeft(slot);
  }

  #takeOutOfUse(slot: OpenSlot, trouble: SlotTrouble): void {
    const { slotId } = slot;
    this.benched.push({ slotId, ...trouble });
    this.#hasGone(slot, { type: 'slotBenched', slotId, ...trouble });
  }

  #hasLeft(slot: OpenSlot): void {
    this.#hasGone(slot, this.#lost.delete(slot) ? undefined : { type: 'slotDrained', slotId: slot.slotId });
  }

  /** `news`: what is told of it; undefined: that was told as it left. */
  #hasGone(slot: OpenSlot, news: SchedulerEvent | undefined): void {
    const { slots, observe, onUsable, onNoneLeft } = this.#options;
    this.#patience.delete(slot);
    slots.retire(slot);
    if (news?.type !== 'slotDrained') this.#isDrained = false;
    if (news !== undefined) observe(news);
    if (this.#pool.isEmpty && !slots.mayGrow) onNoneLeft(this.#isDrained ? 'drain' : 'noSlotLeft');
    onUsable(this.usable);
  }
}

/** Waits until a folder can be written; false: no longer. */
export async function waitUntilFit(folder: string, patience: Patience): Promise<boolean> {
  while (await patience.pause()) if (writeProblem(folder) === undefined) return true;
  return false;
}
