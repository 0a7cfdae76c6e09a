import { GridfarmError } from '../domain/error.js';
import type { Slot } from '../domain/slot.js';
import type { SlotContext } from '../trainer-client/trainer-run.js';
import { entryName, openSlots, type SlotEntry } from './slots-file.js';

export interface CheckedEntry {
  /** `slots[1] (ssh)` */
  name: string;
  /** Those that are there now. */
  slots: Slot[];
  /** Slots may come by themselves while a grid runs. */
  slotsJoin: boolean;
  /** What is missing, in words. */
  problems: string[];
}

/** Tries all entries, each by itself: what one of them lacks says nothing of the others. */
export function checkEntries(entries: readonly SlotEntry[], context: SlotContext): Promise<CheckedEntry[]> {
  return Promise.all(
    entries.map(async (entry, index) => {
      const { backend, settings } = entry;
      const slotsJoin = backend.slotsJoin === true;
      const checked = { name: entryName(index, entry), slots: [], slotsJoin, problems: [] };
      try {
        if (backend.check !== undefined)
          return { ...checked, problems: await backend.check(settings, context.environment) };
        return slotsJoin ? checked : { ...checked, slots: await look(entry, context) };
      } catch (error) {
        if (!(error instanceof GridfarmError)) throw error;
        return { ...checked, problems: [error.message] };
      }
    }),
  );
}

async function look(entry: SlotEntry, context: SlotContext): Promise<Slot[]> {
  const set = await openSlots([entry], context);
  const slots = set.all.map(({ slotId, backend, device }) => ({ slotId, backend, device }));
  await set.close();
  return slots;
}
