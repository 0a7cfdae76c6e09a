/** Which of the cells that wait goes to which of the slots that are free. Pure. */

/** A cell that waits. */
export interface Waiting {
  /** Of an epoch, as far as it is known. */
  epochSeconds: number | undefined;
  epochsLeft: number;
  priority: number;
  /** Equal for cells of one model. */
  model: string;
  /** It ran out of memory on a slot that has so much. */
  outgrew: number | undefined;
}

export interface FreeSlot {
  /** Infinity: nobody takes it away. */
  secondsLeft: number;
  /** Undefined: the slot doesn't tell. */
  memoryMegabytes: number | undefined;
}

/** A cell that won't come to its end on a slot gets so many epochs there at least. */
const fewestEpochs = 3;
/** For checkpoints, the trainer's start, and what goes wrong. */
const reserveSeconds = 30;

/** Whether what is left of a cell, or a few epochs of it, fit into what is left of a slot's time. */
export function fitsTime({ epochSeconds, epochsLeft }: Waiting, secondsLeft: number): boolean {
  const epochs = Math.min(epochsLeft, fewestEpochs);
  return secondsLeft - reserveSeconds >= epochs * (epochSeconds ?? 0);
}

/** When a slot's run has to end so that its last epoch is kept: the next one wouldn't be done in time. */
export const isNearlyOver = (secondsLeft: number, epochSeconds: number | undefined): boolean =>
  secondsLeft < reserveSeconds + (epochSeconds ?? 0);

/** Of memory: only a larger slot than the one that it outgrew, as long as there is one. */
const fitsMemory = (
  { outgrew }: Waiting,
  { memoryMegabytes }: Pick<FreeSlot, 'memoryMegabytes'>,
  largest: number,
): boolean => outgrew === undefined || largest <= outgrew || (memoryMegabytes ?? 0) > outgrew;

/** A cell that waits and that a free slot has gone on with by itself meanwhile: before all others, nothing of it is lost then. */
export function heldCell(
  waiting: readonly { id: string }[],
  free: readonly { holds?: readonly string[] }[],
): { cell: number; slot: number } | undefined {
  for (const [slot, { holds = [] }] of free.entries()) {
    const cell = holds.length === 0 ? -1 : waiting.findIndex(({ id }) => holds.includes(id));
    if (cell !== -1) return { cell, slot };
  }
  return undefined;
}

/**
 * The first cell in order that fits a free slot, and that slot: the first one free. A cell whose model is tried by another for the first
 * time waits for its first epoch, if another of its priority can go meanwhile: what is wrong with a model shows on one slot then, and no
 * slot is idle for it.
 *
 * @param waiting in the order in which they are to go
 * @param isOnTrial whether a model has begun and no epoch of it is finished
 * @param largest memory of the slots that there are, busy ones among them
 * @returns indexes; undefined: nothing fits
 */
export function choose(
  waiting: Iterable<Waiting>,
  free: readonly FreeSlot[],
  isOnTrial: (model: string) => boolean,
  largest: number,
): { cell: number; slot: number } | undefined {
  let second: { cell: number; slot: number; priority: number } | undefined;
  let index = -1;
  for (const cell of waiting) {
    index++;
    if (second !== undefined && cell.priority < second.priority) break;
    const isTrial = isOnTrial(cell.model);
    if (second !== undefined && isTrial) continue;
    const slot = free.findIndex(one => fitsTime(cell, one.secondsLeft) && fitsMemory(cell, one, largest));
    if (slot === -1) continue;
    if (!isTrial) return { cell: index, slot };
    second = { cell: index, slot, priority: cell.priority };
  }
  return second && { cell: second.cell, slot: second.slot };
}
