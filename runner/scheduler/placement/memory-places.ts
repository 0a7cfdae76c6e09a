import type { MemoryUse } from '../../../trainer/contract/events.js';
import type { OpenSlot } from '../../slots/backend.js';
import type { OutOfMemory } from './out-of-memory.js';
import { heldOf, type Room, roomOf } from './rooms.js';

/** That a cell has on a slot if it is alone with what the slot shares. */
export const wholeMemory = ({ shares, memoryMegabytes }: OpenSlot): number | undefined =>
  shares?.megabytes ?? memoryMegabytes;

/** Which cells have which memory in common with others, what they have held, and which ran out of it. */
export class MemoryPlaces {
  readonly #at = new Map<string, OpenSlot>();
  readonly #held = new Map<string, MemoryUse>();
  /** The most that there was beside a cell, of those that are under way. */
  readonly #beside = new Map<string, number>();
  /** Cells that ran out of memory beside others, … */
  readonly #alone = new Set<string>();
  /** … and alone, where there was so much. */
  readonly #outgrew = new Map<string, number>();
  readonly #used = new Set<OpenSlot>();

  enter(cellId: string, slot: OpenSlot): void {
    if (this.#at.get(cellId) === slot) return;
    this.#at.set(cellId, slot);
    this.#used.add(slot);
    this.#held.delete(cellId);
    this.#beside.delete(cellId);
    const all = this.#sharing(slot);
    for (const one of all) this.#beside.set(one, Math.max(all.length - 1, this.#beside.get(one) ?? 0));
  }

  leave(cellId: string): void {
    this.#at.delete(cellId);
  }

  held(cellId: string, use: MemoryUse): void {
    this.#held.set(cellId, use);
  }

  isAlone(cellId: string): boolean {
    return this.#alone.has(cellId);
  }

  outgrew(cellId: string): number | undefined {
    return this.#outgrew.get(cellId);
  }

  /** `needOf`: by what is known of cells like the one there. */
  roomAt(slot: OpenSlot, needOf: (cellId: string) => number | undefined): Room | undefined {
    if (slot.shares === undefined) return undefined;
    const { of } = slot.shares;
    return roomOf(
      slot.shares,
      this.#sharing(slot).map(cellId => {
        const known = needOf(cellId);
        const held = heldOf(of, this.#held.get(cellId));
        const megabytes = known === undefined ? held : Math.max(known, held ?? 0);
        return { megabytes, isAlone: this.#alone.has(cellId) };
      }),
    );
  }

  /** Of slots that are as many as there is room for one is as good as the other: that with the trainer that was at work last. */
  oneOfEach(free: readonly OpenSlot[]): OpenSlot[] {
    const chosen = new Map<string, OpenSlot>();
    for (const slot of free) {
      const { name, isMeasured } = slot.shares ?? {};
      const key = isMeasured ? name! : slot.slotId;
      if (!chosen.has(key) || this.#used.has(slot)) chosen.set(key, slot);
    }
    return free.filter(slot => [...chosen.values()].includes(slot));
  }

  /** The cell's run on that slot ran out of memory. */
  ranOut(cellId: string, slot: OpenSlot, inUse: readonly OpenSlot[]): OutOfMemory {
    const beside = this.#beside.get(cellId) ?? 0;
    const whole = wholeMemory(slot);
    this.#alone.add(cellId);
    if (beside === 0 && whole !== undefined)
      this.#outgrew.set(cellId, Math.max(whole, this.#outgrew.get(cellId) ?? 0));
    const held = heldOf(slot.shares?.of ?? 'machine', this.#held.get(cellId));
    return { slotId: slot.slotId, beside, held, whole, mayHaveMore: this.mayHaveMore(cellId, inUse) };
  }

  /** Than where it ran out of it last. */
  mayHaveMore(cellId: string, inUse: readonly OpenSlot[]): boolean {
    if ((this.#beside.get(cellId) ?? 0) > 0) return true;
    const outgrew = this.#outgrew.get(cellId) ?? Number.POSITIVE_INFINITY;
    return inUse.some(slot => (wholeMemory(slot) ?? 0) > outgrew);
  }

  #sharing({ shares, slotId }: OpenSlot): string[] {
    const isWith = (other: OpenSlot) =>
      shares === undefined ? other.slotId === slotId : other.shares?.name === shares.name;
    return [...this.#at].filter(([, other]) => isWith(other)).map(([cellId]) => cellId);
  }
}
