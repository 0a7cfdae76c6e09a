import type { Plan } from '../domain/plan.js';
import type { StoredResult } from '../domain/stored.js';
import { staleReasonsOf } from '../planning/plan.js';
import { StoreError } from '../store/store-error.js';
import type { GlobalOptions } from './options.js';
import { withWriter } from './with-store.js';

/**
 * Keeps with the results why they are stale, as a plan has found, so that the leaderboard says so, too. Writes only where that
 * has changed, and does without where the store can't be written: a plan must work on results that are only read.
 */
export async function keepStaleReasons(
  plan: Plan,
  stored: readonly StoredResult[],
  options: GlobalOptions,
): Promise<void> {
  const reasons = staleReasonsOf(plan);
  const planned = new Set(plan.cells.map(({ cell }) => cell.cellId));
  const changed = stored
    .filter(({ cellId }) => planned.has(cellId))
    .filter(({ cellId, staleReasons }) => !isSame(staleReasons, reasons.get(cellId) ?? []))
    .map(({ cellId }) => cellId);
  if (changed.length === 0) return;
  try {
    await withWriter(options, store => store.markStale(changed, reasons));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
}

const isSame = (a: readonly string[], b: readonly string[]) => JSON.stringify(a) === JSON.stringify(b);
