import type { OpenSlot } from '../slots/backend.js';

/** A slot that fails this many different cells with no success between is benched. */
const benchAfterCells = 3;

/** The slots that aren't benched, and who has which. A slot is asked for only while one is free: the queue sees to that. */
export class SlotPool {
  readonly #free: OpenSlot[];
  readonly #size: number;
  readonly #failedCells = new Map<OpenSlot, Set<string>>();
  readonly #waiting = new Set<OpenSlot>();
  /** Slots that aren't drained. */
  readonly #known = new Set<string>();
  readonly #leaving = new Set<string>();
  #benched = 0;

  constructor(slots: readonly OpenSlot[]) {
    this.#free = [...slots];
    this.#size = slots.length;
    for (const { slotId } of slots) this.#known.add(slotId);
  }

  /** The slot takes no more cells: from now on, or from the end of its run on; undefined: it takes none already, or isn't known. */
  drain(slotId: string): 'now' | 'later' | undefined {
    if (!this.#known.delete(slotId)) return undefined;
    const free = this.#free.findIndex(slot => slot.slotId === slotId);
    if (free < 0) {
      this.#leaving.add(slotId);
      return 'later';
    }
    this.#free.splice(free, 1);
    this.#benched++;
    return 'now';
  }

  /** True: a taken slot that was drained meanwhile; it isn't given back. */
  leave(slot: OpenSlot): boolean {
    if (!this.#leaving.delete(slot.slotId)) return false;
    this.#waiting.delete(slot);
    this.#benched++;
    return true;
  }

  /** Slots that take cells now. */
  get usable(): number {
    return this.#size - this.#benched - this.#waiting.size;
  }

  /** Whether slots take cells, now or after a wait. */
  get isEmpty(): boolean {
    return this.#size === this.#benched;
  }

  /** Takes the free slot that is longest idle, so that a cell that is tried again meets another slot where there are several. */
  take(): OpenSlot {
    const slot = this.#free.shift();
    if (slot === undefined) throw new Error('no slot is free');
    return slot;
  }

  /** Gives a slot back after a run; false: it is benched by that. `faultOfSlot`: the run failed in a way that may be the slot's. */
  giveBack(slot: OpenSlot, cellId: string, faultOfSlot: boolean): boolean {
    if (!faultOfSlot) this.#failedCells.delete(slot);
    else {
      const failed = this.#failedCells.get(slot) ?? new Set();
      this.#failedCells.set(slot, failed.add(cellId));
      if (failed.size >= benchAfterCells) {
        this.#benched++;
        return false;
      }
    }
    this.#free.push(slot);
    return true;
  }

  /** Keeps a taken slot back while its machine isn't fit. */
  suspend(slot: OpenSlot): void {
    this.#waiting.add(slot);
  }

  /** The machine is fit again. */
  resume(slot: OpenSlot): void {
    if (this.#waiting.delete(slot)) this.#free.push(slot);
  }

  /** Takes a suspended slot out of use. */
  bench(slot: OpenSlot): void {
    if (this.#waiting.delete(slot)) this.#benched++;
  }
}
