/** A local slot, as those that share its memory see it. */
interface Sibling {
  /** Ends the warm trainer of one that has no run. */
  rest(): Promise<void>;
}

/** The slots that have a GPU's memory, or the machine's, in common. What idle trainers of theirs still hold, others lack. */
export class SlotPool {
  readonly #slots = new Set<Sibling>();
  /** Idle trainers end before another begins. */
  isTight = false;

  add(slot: Sibling): void {
    this.#slots.add(slot);
  }

  remove(slot: Sibling): void {
    this.#slots.delete(slot);
  }

  /** Before a run of this one. */
  async makeRoom(slot: Sibling): Promise<void> {
    if (!this.isTight) return;
    await Promise.all([...this.#slots].filter(other => other !== slot).map(other => other.rest()));
  }
}
