import { GridfarmError } from '../domain/error.js';
import { distinctData } from '../grid/checks/check-cells.js';
import { checkPrecisions } from '../grid/checks/precision-checks.js';
import type { OpenSlot } from '../slots/backend.js';
import { addSlots, askEngines, type SlotEntry } from '../slots/slots-file.js';
import { inspectEntries } from './inspect-entries.js';
import type { GridPlan } from './plan-grid.js';
import type { PreparedGrid } from './prepared-grid.js';

/**
 * Opens the slots of more entries for a grid that is running, those that it hasn't yet, once they are known to fit it: the same data,
 * and the engine of its plan.
 *
 * @throws GridfarmError with words for the user; nothing has joined then
 */
export async function joinSlots(
  { grid, entries: known, context, paths, slots }: PreparedGrid,
  { cells, engine }: GridPlan,
  entries: readonly SlotEntry[],
): Promise<OpenSlot[]> {
  const planned = cells.map(({ cell }) => cell);
  await inspectEntries([known[0]!, ...entries], distinctData(planned), context, paths);
  const shared = planned.filter(({ spec }) => spec.trainer === null);
  if (shared.length > 0)
    checkPrecisions(grid, shared, await askEngines(entries, context, engine ?? undefined));
  const joined = await addSlots(slots, entries, context);
  if (joined.length === 0) throw new GridfarmError('usage', 'all of these slots are in use already');
  return joined;
}
