import { setTimeout as sleep } from 'node:timers/promises';
import { endsByItself, isCutOff } from '../domain/run-state.js';
import { type CellEnd, endAs } from '../domain/scheduler-event.js';
import type { Entry } from './entry.js';
import type { Patience } from './patience.js';
import type { RunRecorder } from './run-cell.js';
import type { RunOutcome } from './run-on.js';
import { waitUntilFit } from './slot-care.js';

interface AfterRun {
  store: RunRecorder;
  /** Of the cell with its folder. */
  patience: Patience;
  folder: string;
  /** No more runs are to begin. */
  signal: AbortSignal;
}

/**
 * Waits for what a cell is to wait for after a run. Returns the cell's end, `before` where that is what it was before the run; undefined: it
 * runs again.
 */
export async function afterRun(
  result: RunOutcome,
  entry: Entry,
  { store, patience, folder, signal }: AfterRun,
): Promise<CellEnd | 'before' | undefined> {
  switch (result.next) {
    case 'end': {
      const goesOn = isCutOff(result.state) && entry.isMoving && entry.wish === undefined;
      entry.isMoving = false;
      if (!goesOn && (!entry.isEnding || endsByItself(result.state))) return endAs(result.state);
      // The user may have let it go on while its run was ending.
      entry.isEnding = false;
      if (entry.wish === undefined && !signal.aborted) store.requeue([entry.cellId]);
      return undefined;
    }
    case 'pause':
      await sleep(result.seconds * 1000, undefined, {
        signal: AbortSignal.any([signal, entry.leftQueue]),
      }).catch(() => {});
      return undefined;
    case 'fitFolder':
      return (await waitUntilFit(folder, patience)) ? undefined : 'before';
    case 'fitSlot':
      patience.reset();
      return undefined;
  }
}
