import type { QueuedCell } from '../domain/plan.js';
import { type HeldState, waitsForUser } from '../domain/run-state.js';
import type { CellEnd, EndCounts, RunSummary } from '../domain/scheduler-event.js';
import type { RunHandle } from '../trainer-client/trainer-run.js';
import type { RunRecorder } from './run-cell.js';

/** How many cells have ended how; what hasn't is held back. */
function endsOf(
  entries: Iterable<Entry>,
): EndCounts & Pick<RunSummary, 'completed' | 'failed' | 'interrupted' | 'notRun'> {
  const all = {
    completed: 0,
    failed: 0,
    interrupted: 0,
    paused: 0,
    cancelled: 0,
    stoppedEarly: 0,
    notRun: 0,
  };
  for (const { end } of entries) all[end ?? 'paused']++;
  const { paused, cancelled, stoppedEarly, ...counts } = all;
  return {
    ...counts,
    ...(paused > 0 && { paused }),
    ...(cancelled > 0 && { cancelled }),
    ...(stoppedEarly > 0 && { stoppedEarly }),
  };
}

export const summaryOf = (
  entries: Iterable<Entry>,
  stopped: RunSummary['stopped'],
  benched: NonNullable<RunSummary['benched']>,
): RunSummary => ({
  ...endsOf(entries),
  ...(stopped !== undefined && { stopped }),
  ...(benched.length > 0 && { benched }),
});

/** Cells whose runs are under way since before, on their slots; what is to begin anew doesn't go on. */
export const goingOn = (
  store: Pick<RunRecorder, 'outlivingRuns'>,
  entries: ReadonlyMap<string, Entry>,
): Entry[] =>
  store.outlivingRuns().flatMap(({ cellId, slotId }) => {
    const entry = entries.get(cellId);
    if (entry === undefined || entry.queued.anew) return [];
    entry.wasOn = slotId;
    return entry;
  });

/** A cell of a `grid run`, from the queue to its end, and what the user wants of it. */
export class Entry {
  /** What the user wants it to be; undefined: to run. */
  wish: HeldState | undefined;
  /** Of its run. */
  handle: RunHandle | undefined;
  /** The user paused it, or let it go on, since the `grid run` began: then that waits for it. */
  isAwaited: boolean;
  priority: number;
  /** Its run was asked to end for the user's sake. */
  isEnding = false;
  /** Its run was asked to end since its slot's time is nearly over: it goes on elsewhere. */
  isMoving = false;
  /** It has left the queue for a slot. */
  isTaken = false;
  /** It is in the queue. */
  isQueued = false;
  /** Of its run: after which epoch it ends; undefined: the last one. */
  until: number | undefined;
  /** The same: whether it is still undecided that the cell goes on; and it was asked to end for another that is to go on. */
  isCarried = false;
  isYielding = false;
  /** The slot on which a run of it goes on from before this `grid run`. */
  wasOn: string | undefined;
  /** How it has ended; undefined: it hasn't. */
  end: CellEnd | undefined;
  #leaveQueue = new AbortController();
  #changed: (() => void) | undefined;

  constructor(readonly queued: QueuedCell) {
    this.wish = queued.isPaused ? 'paused' : undefined;
    this.isAwaited = !queued.isPaused;
    this.priority = queued.priority ?? 0;
  }

  /** By which it is queued: what was begun goes before what is new of the same priority, and what was begun here before that. */
  turn(again: boolean): number {
    return this.priority + (again ? 0.5 : this.queued.fromEpoch > 0 ? 0.25 : 0);
  }

  get cellId(): string {
    return this.queued.cell.cellId;
  }

  /** The user holds it back for now. */
  get isPaused(): boolean {
    return this.wish !== undefined && waitsForUser(this.wish);
  }

  /** Aborted when the user holds the cell back while it is in the queue. */
  get leftQueue(): AbortSignal {
    return this.#leaveQueue.signal;
  }

  hold(wish: HeldState): void {
    this.wish = wish;
    if (this.isTaken) this.isEnding = true;
    else this.#leaveQueue.abort();
    this.#changed?.();
  }

  /** Leaves the queue to be looked at anew. */
  leave(): void {
    this.#leaveQueue.abort('again');
    this.#leaveQueue = new AbortController();
  }

  /** What it waits for has changed. */
  wake(): void {
    this.#changed?.();
  }

  release(): void {
    this.wish = undefined;
    this.#leaveQueue = new AbortController();
    this.#changed?.();
  }

  /** Settles when the user has changed what is wanted, or nobody waits any longer. */
  async change(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>(resolve => {
      this.#changed = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#changed = undefined;
  }
}
