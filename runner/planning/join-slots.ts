import { GridfarmError } from '../domain/error.js';
import { checkPrecisions } from '../grid/checks/precision-checks.js';
import type { OpenSlot } from '../slots/backend.js';
import { addSlots, askEngines, type SlotEntry } from '../slots/slots-file.js';
import type { GridPlan } from './plan-grid.js';
import { checkGrid, type PreparedGrid } from './prepared-grid.js';

/**
 * Opens the slots of more entries for a grid that is running, those that it hasn't yet, once they are known to fit it: the same data
 * and weights as where it began, and the engine of its plan.
 *
 * @throws GridfarmError with words for the user; nothing has joined then
 */
export async function joinSlots(
  prepared: PreparedGrid,
  { cells, engine }: GridPlan,
  entries: readonly SlotEntry[],
): Promise<OpenSlot[]> {
  const { grid, context, slots } = prepared;
  await checkGrid(prepared, { ...prepared, entries: [prepared.entries[0]!, ...entries] });
  const shared = cells.map(({ cell }) => cell).filter(({ spec }) => spec.trainer === null);
  if (shared.length > 0)
    checkPrecisions(grid, shared, await askEngines(entries, context, engine ?? undefined));
  const joined = await addSlots(slots, entries, context);
  if (joined.length === 0) throw new GridfarmError('usage', 'all of these slots are in use already');
  return joined;
}
