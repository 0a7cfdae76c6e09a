import type { Plan, SlotForecast } from '../domain/plan.js';
import type { OpenSlot } from '../slots/backend.js';
import type { EpochTime } from './estimate.js';
import { KnownTimes } from './known-times.js';

/**
 * Which slot runs how much of a plan, until when, and what it costs: longest cells first, each on the slot that is free first. A slot
 * costs until all is done. Cells that nothing like has been measured of are left out, and named.
 *
 * @param priceOf an hour of a slot
 */
export function forecast(
  plan: Plan,
  times: readonly EpochTime[],
  slots: readonly OpenSlot[],
  priceOf: (slot: OpenSlot) => number,
): { slots: SlotForecast[]; unknown: string[] } {
  const toRun = plan.cells.filter(({ action }) => action === 'run');
  const known = new KnownTimes(
    toRun.map(({ cell }) => cell),
    times,
  );
  const lengths: number[] = [];
  const unknown: string[] = [];
  for (const { cell, fromEpoch } of toRun) {
    const seconds = known.epochSeconds(cell);
    if (seconds === undefined) unknown.push(cell.cellId);
    else lengths.push(seconds * Math.max(0, cell.spec.train.epochs - fromEpoch));
  }
  const shares = slots.map(slot => ({ slot, cells: 0, seconds: 0 }));
  if (shares.length > 0)
    for (const seconds of lengths.sort((a, b) => b - a)) {
      const first = shares.reduce((least, share) => (share.seconds < least.seconds ? share : least));
      first.cells++;
      first.seconds += seconds;
    }
  const finish = Math.max(0, ...shares.map(({ seconds }) => seconds));
  return {
    slots: shares.map(({ slot, cells, seconds }) => ({
      ...{ slotId: slot.slotId, device: slot.device, cells, seconds },
      cost: (priceOf(slot) * finish) / 3600,
    })),
    unknown,
  };
}
