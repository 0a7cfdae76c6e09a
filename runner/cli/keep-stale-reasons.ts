import { StoreError } from '../store/store-error.js';
import type { GlobalOptions } from './options.js';
import { withWriter } from './with-store.js';

/**
 * Keeps with results why they are stale (by cellId), so that the leaderboard says so, too. Does without where the store can't be
 * written: a plan must work on results that are only read.
 */
export async function keepStaleReasons(
  reasons: ReadonlyMap<string, readonly string[]>,
  options: GlobalOptions,
): Promise<void> {
  if (reasons.size === 0) return;
  try {
    await withWriter(options, store => store.markStale([...reasons.keys()], reasons));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
}
