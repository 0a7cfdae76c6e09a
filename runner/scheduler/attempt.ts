import type { OpenSlot } from '../slots/backend.js';
import { StoreError } from '../store/store-error.js';
import type { RunHandle } from '../trainer-client/trainer-run.js';
import type { Entry } from './entry.js';
import type { SchedulerOptions } from './options.js';
import type { Placement } from './placement/placement.js';
import { executeRun, type RunContext, type RunResult } from './run-cell.js';
import type { SlotCare } from './slot-care.js';
import type { RungKeeper } from './stopping/rung-keeper.js';

export interface AttemptContext extends SchedulerOptions, Pick<RunContext, 'signal'> {
  care: SlotCare;
  placement: Placement;
  /** The runs that are under way: this one is among them while it is. */
  running: Set<RunHandle>;
  /** Whether the cell is to begin anew, and hasn't yet. */
  takeAnew(cellId: string): boolean;
  /** Goes on with the cell's run that is under way on the slot. */
  adopts: boolean;
  /** Where the rule of the grid holds its cells; undefined: it has none. */
  keeper: RungKeeper | undefined;
}

/**
 * Runs a cell once on a slot, tells of it, and does what the user wishes of it meanwhile. Undefined: the cell is another's: run, or held
 * back, for another grid that has it too.
 */
export async function attempt(
  entry: Entry,
  slot: OpenSlot,
  context: AttemptContext,
): Promise<RunResult | undefined> {
  const { queued } = entry;
  const { cellId, labels, spec } = queued.cell;
  const { slotId } = slot;
  const { observe, care, placement, running, takeAnew } = context;
  let handle: RunHandle | undefined;
  try {
    return await executeRun(queued.cell, slot, {
      ...context,
      engine: queued.engine,
      untilEpoch: context.keeper?.begins(entry),
      takeAnew: () => takeAnew(cellId),
      wish: () => entry.wish,
      explain: failure => placement.explain(slot, cellId, failure),
      onStart: ({ attempt }, started) => {
        handle = started;
        entry.handle = started;
        running.add(started);
        // It may have been wished while it was started.
        if (entry.isPaused) started.drain();
        else if (entry.wish !== undefined || context.keeper?.holds(entry)) started.kill();
        observe({ type: 'runStarted', slotId, cellId, attempt, labels, epochs: spec.train.epochs });
      },
      onEvent: event => {
        if (event.type === 'epoch') care.isWell(slot);
        observe({ type: 'trainer', slotId, cellId, event });
      },
      onWait: waiting =>
        observe(
          waiting === undefined ? { type: 'slotReady', slotId } : { type: 'slotWaiting', slotId, ...waiting },
        ),
    });
  } catch (error) {
    if (error instanceof StoreError && ['cellIsRunning', 'cellIsHeld'].includes(error.problem))
      return undefined;
    throw error;
  } finally {
    if (handle !== undefined) running.delete(handle);
    entry.handle = undefined;
    entry.isTaken = false;
  }
}
