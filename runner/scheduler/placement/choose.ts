/** Which of the cells that wait goes to which of the slots that are free. Pure. */
import type { EngineInfo } from '../../../trainer/contract/events.js';
import type { Precision } from '../../../trainer/contract/run-spec.js';
import { hasRoom, type Room } from './rooms.js';
import { goesOnAs, type SlotEngine } from './slot-engine.js';

/** A cell that waits. */
export interface Waiting {
  /** Of an epoch, as far as it is known. */
  epochSeconds: number | undefined;
  epochsLeft: number;
  priority: number;
  /** Equal for cells of one model. */
  model: string;
  /** It ran out of memory alone where there is so much. */
  outgrew: number | undefined;
  /** It ran out of memory beside others, so that it is to be alone. */
  isAlone: boolean;
  /** By what is measured of like ones; undefined: nothing is. */
  megabytesOn(slot: FreeSlot): number | undefined;
  precision: Precision;
  /** Equal for cells of the same data. */
  data: string;
  /** What its last epochs were trained on; undefined: it begins, or that isn't known. */
  begunOn: EngineInfo | undefined;
}

export interface FreeSlot {
  /** Infinity: nobody takes it away. */
  secondsLeft: number;
  /** That a cell has there if it is alone; undefined: the slot doesn't tell. */
  memoryMegabytes: number | undefined;
  /** Of memory that it has in common with others; absent: it has its own. */
  room?: Room | undefined;
  engine: SlotEngine;
  /** Data that its machine has; undefined: all. */
  data: Pick<ReadonlySet<string>, 'has'> | undefined;
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
 * The first cell in order that fits a free slot, and that slot: the first one free, of those with the engine that the cell was begun on if there is
 * one, and of these, of those whose machine has its data. A cell waits if another of its priority can go meanwhile, so that no slot is idle for it, where its model is tried by another for
 * the first time (until its first epoch: what is wrong with a model shows on one slot then), and where only other engines are free than the
 * one it was begun on, which a busy slot has.
 *
 * @param waiting in the order in which they are to go
 * @param isOnTrial whether a model has begun and no epoch of it is finished
 * @param largest memory of the slots that there are, busy ones among them
 * @param busy what those run on that aren't free
 * @returns indexes; undefined: nothing fits
 */
export function choose(
  waiting: Iterable<Waiting>,
  free: readonly FreeSlot[],
  isOnTrial: (model: string) => boolean,
  largest: number,
  busy: readonly SlotEngine[] = [],
): { cell: number; slot: number } | undefined {
  let second: { cell: number; slot: number; priority: number } | undefined;
  let index = -1;
  for (const cell of waiting) {
    index++;
    if (second !== undefined && cell.priority < second.priority) break;
    const isTrial = isOnTrial(cell.model);
    if (second !== undefined && isTrial) continue;
    const found = bestSlot(cell, free, largest);
    if (found === undefined) continue;
    const { slot, fit } = found;
    const mayWait = isTrial || (fit === 'other' && busy.some(one => goesOnAs(cell.begunOn, one) === 'same'));
    if (!mayWait) return { cell: index, slot };
    if (second !== undefined) continue;
    second = { cell: index, slot, priority: cell.priority };
  }
  return second && { cell: second.cell, slot: second.slot };
}

const fits = (cell: Waiting, slot: FreeSlot, largest: number): boolean =>
  fitsTime(cell, slot.secondsLeft) &&
  fitsMemory(cell, slot, largest) &&
  hasRoom({ megabytes: cell.megabytesOn(slot), isAlone: cell.isAlone }, slot.room) &&
  hasPrecision(cell, slot);

const ranks = { same: 4, unknown: 2, other: 0 } as const;

/** Of those that it fits, the first with its engine; else the first of which that isn't known; else the first: of each kind one that has its data before one to which they would be sent. */
function bestSlot(cell: Waiting, free: readonly FreeSlot[], largest: number) {
  let best: { slot: number; fit: ReturnType<typeof goesOnAs>; rank: number } | undefined;
  for (const [slot, one] of free.entries()) {
    if (!fits(cell, one, largest)) continue;
    const fit = goesOnAs(cell.begunOn, one.engine);
    const rank = ranks[fit] + (one.data?.has(cell.data) === false ? 0 : 1);
    if (best === undefined || rank > best.rank) best = { slot, fit, rank };
    if (rank === ranks.same + 1) break;
  }
  return best;
}

/** A slot whose engine lacks the cell's number format would fail it for good. */
export const hasPrecision = (
  { precision }: Pick<Waiting, 'precision'>,
  { engine }: Pick<FreeSlot, 'engine'>,
) => engine.offered?.precisions.includes(precision) ?? true;
