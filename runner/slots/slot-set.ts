import type { Farm } from '../agents/server/farm.js';
import { GridfarmError } from '../domain/error.js';
import type { RunContext } from '../trainer-client/trainer-run.js';
import type { OpenSlot, SlotHost } from './backend.js';
import { openFarm } from './open-farm.js';

/** Is told of slots that have come or gone. */
export interface SlotWatcher {
  joined(slot: OpenSlot): void;
  left(slot: OpenSlot, reason: string): void;
  /** Of slots that are to come. */
  said(words: string): void;
}

/** The open slots of a grid, those that come and go while it runs among them. Whoever has the set closes it. */
export class SlotSet implements SlotHost {
  readonly #slots = new Map<string, OpenSlot>();
  /** Whether slots may come by themselves. */
  mayGrow = false;
  #watcher: SlotWatcher | undefined;
  #farm: Farm | undefined;
  readonly #ended = new AbortController();
  readonly #atEnd: (() => Promise<void>)[] = [];
  /** Before somebody listened. */
  readonly #unsaid: string[] = [];
  #left: () => number = () => 0;
  #isClosed = false;
  hasPrices = false;
  readonly #prices = new WeakMap<OpenSlot, number>();
  #priceOfComing = 0;

  constructor(slots: Iterable<OpenSlot> = []) {
    for (const slot of slots) this.join(slot);
  }

  /** What an hour of a slot of an entry costs; those that come later by themselves cost what the dearest entry does whose slots come so. */
  price(slots: readonly OpenSlot[], price: number, mayGrow: boolean): void {
    for (const slot of slots) {
      // Of slots that are as many as fit it is the price of what they share.
      const { name } = slot.shares?.isMeasured ? slot.shares : {};
      const sharers = name === undefined ? 1 : slots.filter(({ shares }) => shares?.name === name).length;
      this.#prices.set(slot, price / sharers);
    }
    if (mayGrow) this.#priceOfComing = Math.max(this.#priceOfComing, price);
    this.hasPrices ||= price > 0;
  }

  priceOf(slot: OpenSlot): number {
    return this.#prices.get(slot) ?? this.#priceOfComing;
  }

  /** Of all that are open. */
  get pricePerHour(): number {
    return this.all.reduce((sum, slot) => sum + this.priceOf(slot), 0);
  }

  get all(): OpenSlot[] {
    return [...this.#slots.values()];
  }

  join(slot: OpenSlot): void {
    if (this.#isClosed) throw new GridfarmError('held', `${slot.slotId} comes too late: the grid has ended`);
    if (this.#slots.has(slot.slotId))
      throw new GridfarmError(
        'grid',
        `slots: ${slot.slotId} is there twice; put the slots of one machine into one entry`,
      );
    this.#slots.set(slot.slotId, slot);
    this.#watcher?.joined(slot);
  }

  has(slotId: string): boolean {
    return this.#slots.has(slotId);
  }

  leave(slotId: string, reason: string): void {
    const slot = this.#slots.get(slotId);
    if (slot === undefined) return;
    this.#slots.delete(slotId);
    this.#watcher?.left(slot, reason);
  }

  say(words: string): void {
    if (this.#watcher === undefined) this.#unsaid.push(words);
    else this.#watcher.said(words);
  }

  get wanted(): number {
    return this.#left();
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  whenClosed(work: () => Promise<void>): void {
    this.#atEnd.push(work);
  }

  /** How many cells are left, from now on. */
  serve(left: () => number): void {
    this.#left = left;
  }

  farm(run: RunContext): Farm {
    this.#farm ??= openFarm(run, this);
    return this.#farm;
  }

  /** Where agents find their coordinator; none without one. */
  get addresses(): readonly string[] {
    return this.#farm?.addresses ?? [];
  }

  /** Whoever used them wants no more of a slot: it is closed, and one of its id may join again. */
  retire(slot: OpenSlot): void {
    if (this.#slots.get(slot.slotId) !== slot) return;
    this.#slots.delete(slot.slotId);
    void slot.close();
  }

  /** From now on; nobody else is told any more. */
  watch(watcher: SlotWatcher): void {
    this.#watcher = watcher;
    for (const words of this.#unsaid.splice(0)) watcher.said(words);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watcher = undefined;
    const slots = this.all;
    this.#slots.clear();
    this.#ended.abort();
    await Promise.all([...slots.map(slot => slot.close()), ...this.#atEnd.map(work => work())]);
    await this.#farm?.close();
  }
}
