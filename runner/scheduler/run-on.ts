import type { OpenSlot } from '../slots/backend.js';
import { type AttemptContext, attempt } from './attempt.js';
import type { Entry } from './entry.js';
import { mayBeFaultOfSlot, type RetryCounter } from './retry.js';
import type { RunResult } from './run-cell.js';
import { whatIsUnfit, writeProblem } from './write-problem.js';

/** What becomes of a cell after a run: the end, or another run after a pause, on a fit slot, or once its folder can be written. */
type Next =
  | { next: 'end' }
  | { next: 'pause'; seconds: number }
  | { next: 'fitSlot' }
  | { next: 'fitFolder' };

export type RunOutcome = RunResult & Next;

interface RunOnContext extends AttemptContext {
  /** No more runs are to begin. */
  isStopped(): boolean;
  holdsGrid(): boolean;
}

/**
 * Runs a cell once on a taken slot, which is given back then, and tells what becomes of both. Undefined: the cell is another's.
 */
export async function runOn(
  slot: OpenSlot,
  entry: Entry,
  counter: RetryCounter,
  context: RunOnContext,
): Promise<RunOutcome | undefined> {
  const { cellId } = entry;
  const { slotId } = slot;
  const { observe, store, paths, care, placement } = context;
  const result = await attempt(entry, slot, context);
  if (result === undefined) {
    care.giveBack(slot, cellId);
    return undefined;
  }
  const { failure, waitedSinceMs, isLost, ...run } = result;
  const atRung = failure === undefined ? context.keeper?.rungOf(entry, run.state) : undefined;
  const about = { ...(failure && { failure }), ...(atRung !== undefined && { atRung }) };
  const ended = { type: 'runEnded', slotId, cellId, ...run, ...about } as const;
  if (isLost && !context.holdsGrid()) {
    care.giveBack(slot, cellId);
    return { ...result, next: 'end' };
  }
  if (failure?.class === 'environment') {
    const isOver = waitedSinceMs !== undefined || context.isStopped();
    const next = isOver ? 'end' : whatIsUnfit(paths, cellId);
    observe({ ...ended, ...(next !== 'end' && { retryInSeconds: 0 }) });
    if (next === 'fitFolder' || (isOver && writeProblem(paths.cells) === undefined))
      care.giveBack(slot, cellId);
    else void care.suspend(slot, failure.message, waitedSinceMs);
    return { ...result, next };
  }
  const epochs = failure === undefined ? 0 : (store.cellsById([cellId]).get(cellId)?.epochs ?? 0);
  const seconds =
    failure &&
    counter.afterFailure(failure, epochs, {
      ...{ slotId, isGone: care.isGoing(slot) },
      mayHaveMore: placement.mayHaveMore(cellId),
    });
  // In the store too: whatever ends this process, the next one takes the cell up.
  if (seconds !== undefined) store.requeue([cellId]);
  observe({ ...ended, ...(seconds !== undefined && { retryInSeconds: seconds }) });
  if (failure === undefined) care.isWell(slot);
  care.giveBack(
    slot,
    cellId,
    failure !== undefined && mayBeFaultOfSlot(failure) ? failure.message : undefined,
  );
  return { ...result, ...(seconds === undefined ? { next: 'end' } : { next: 'pause', seconds }) };
}
