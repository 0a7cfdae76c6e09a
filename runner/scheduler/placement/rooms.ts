/** Memory that slots have in common, and how much of it what runs there leaves. */
import type { MemoryUse } from '../../../trainer/contract/events.js';
import type { SharedMemory } from '../../domain/slot.js';

/** The allocator, the driver and the system keep so much for themselves, … */
const usableShare = 0.95;
/** … and a cell may need so much more than was measured of like ones. */
const margin = 1.1;

/** A cell that runs in a room. */
export interface Occupant {
  /** By what is known of like cells, and what it has held itself; undefined: nothing yet. */
  megabytes: number | undefined;
  /** It ran out of memory beside others: nobody joins it. */
  isAlone: boolean;
}

/** What a cell that goes to a slot would find there. */
export interface Room {
  of: SharedMemory['of'];
  isMeasured: boolean;
  isEmpty: boolean;
  /** Somebody is there to be alone. */
  isKept: boolean;
  /** MB that are left. */
  left: number;
}

export function roomOf({ of, megabytes, isMeasured }: SharedMemory, occupants: readonly Occupant[]): Room {
  const needs = occupants.map(occupant => margin * (occupant.megabytes ?? Number.POSITIVE_INFINITY));
  return {
    ...{ of, isMeasured, isEmpty: occupants.length === 0, isKept: occupants.some(({ isAlone }) => isAlone) },
    left: usableShare * (megabytes ?? 0) - needs.reduce((sum, need) => sum + need, 0),
  };
}

/** Whether a cell has room; the first one always has. `megabytes`: its need; undefined: it isn't known, so that it is measured alone. */
export function hasRoom({ megabytes, isAlone }: Occupant, room: Room | undefined): boolean {
  if (room === undefined || room.isEmpty) return true;
  if (isAlone || room.isKept) return false;
  return !room.isMeasured || (megabytes !== undefined && margin * megabytes <= room.left);
}

/** How many cells of such a need have room at a time. */
export const roomsFor = (megabytes: number | undefined, shared: SharedMemory): number =>
  megabytes === undefined || shared.megabytes === null
    ? 1
    : Math.max(1, Math.floor((usableShare * shared.megabytes) / (margin * megabytes)));

/** Of what slots of a kind share. */
export const heldOf = (of: SharedMemory['of'], use: MemoryUse | undefined): number | undefined =>
  (of === 'gpu' ? use?.gpuMegabytes : use?.megabytes) ?? undefined;
