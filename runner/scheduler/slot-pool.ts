import type { OpenSlot } from '../slots/backend.js';

/** A slot that fails this many different cells with no success between is benched. */
const benchAfterCells = 3;

interface Member {
  /** Different cells that failed on it since the last success. */
  failedCells: Set<string>;
  /** It goes when its run has ended. */
  isLeaving: boolean;
}

/** The slots in use, and who has which. A slot is asked for only while one is free: the queue sees to that. */
export class SlotPool {
  readonly #members = new Map<OpenSlot, Member>();
  /** The one that is longest idle first. */
  readonly #free = new Set<OpenSlot>();
  /** Out of the queue's reach: they wait for their machine, or are claimed for a cell. */
  readonly #apart = new Set<OpenSlot>();

  add(slot: OpenSlot): void {
    this.#members.set(slot, { failedCells: new Set(), isLeaving: false });
    this.#free.add(slot);
  }

  /** The slot of that name which isn't about to go. */
  named(slotId: string): OpenSlot | undefined {
    for (const [slot, { isLeaving }] of this.#members) if (slot.slotId === slotId && !isLeaving) return slot;
    return undefined;
  }

  /** Slots that the queue may have, free ones and those that run. */
  get usable(): number {
    return this.#members.size - this.#apart.size;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  /** The one that is longest idle first, so that a cell that is tried again meets another slot where there are several. */
  get free(): OpenSlot[] {
    return [...this.#free];
  }

  /** Free or not, but for those that go when their run has ended. */
  get inUse(): OpenSlot[] {
    return [...this.#members].flatMap(([slot, { isLeaving }]) => (isLeaving ? [] : [slot]));
  }

  /** Takes a free slot: this one, if it still is, else the one that is longest idle. */
  take(chosen?: OpenSlot): OpenSlot {
    const [first] = this.#free;
    const slot = chosen !== undefined && this.#free.has(chosen) ? chosen : first;
    if (slot === undefined) throw new Error('no slot is free');
    this.#free.delete(slot);
    return slot;
  }

  /** Takes a free slot beside the queue. */
  claim(slotId: string): OpenSlot | undefined {
    for (const slot of this.#free)
      if (slot.slotId === slotId) {
        this.#free.delete(slot);
        this.#apart.add(slot);
        return slot;
      }
    return undefined;
  }

  /**
   * Gives a slot back after a run. `gone`: it was to leave; `benched`: by this. `faultOfSlot`: the run failed in a way that may be the
   * slot's.
   */
  giveBack(slot: OpenSlot, cellId: string, faultOfSlot: boolean): 'free' | 'gone' | 'benched' {
    const member = this.#members.get(slot);
    if (member === undefined) return 'gone';
    if (!faultOfSlot) member.failedCells.clear();
    else member.failedCells.add(cellId);
    const isBenched = member.failedCells.size >= benchAfterCells;
    if (member.isLeaving || isBenched) {
      this.remove(slot);
      return member.isLeaving ? 'gone' : 'benched';
    }
    this.#apart.delete(slot);
    this.#free.add(slot);
    return 'free';
  }

  /** The slot takes no more cells. True: from now on, and it is no longer in use; false: it will be so after its run. */
  withdraw(slot: OpenSlot, isWaiting: boolean): boolean {
    if (this.#free.has(slot) || isWaiting) {
      this.remove(slot);
      return true;
    }
    const member = this.#members.get(slot);
    if (member !== undefined) member.isLeaving = true;
    return false;
  }

  /** Keeps a taken slot back while its machine isn't fit. False: it was to leave, and is no longer in use. */
  suspend(slot: OpenSlot): boolean {
    if (this.#members.get(slot)?.isLeaving !== false) {
      this.remove(slot);
      return false;
    }
    this.#apart.add(slot);
    return true;
  }

  /** The machine is fit again. False: the slot is no longer in use. */
  resume(slot: OpenSlot): boolean {
    if (!this.#members.has(slot)) return false;
    this.#apart.delete(slot);
    this.#free.add(slot);
    return true;
  }

  /** False: it was out of use already. */
  remove(slot: OpenSlot): boolean {
    this.#free.delete(slot);
    this.#apart.delete(slot);
    return this.#members.delete(slot);
  }
}
