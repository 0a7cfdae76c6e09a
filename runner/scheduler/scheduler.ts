import type PQueue from 'p-queue';
import type { QueuedCell } from '../domain/plan.js';
import { type HeldState, isCutOff, waitsForUser } from '../domain/run-state.js';
import { type CellEnd, endAs, type RunSummary, type SchedulerEvent } from '../domain/scheduler-event.js';
import type { OpenSlot } from '../slots/backend.js';
import type { RunHandle } from '../trainer-client/trainer-run.js';
import { afterRun } from './after-run.js';
import { BrokenValues } from './broken-values.js';
import { Entry, goingOn, summaryOf } from './entry.js';
import type { SchedulerOptions } from './options.js';
import { Patience } from './patience.js';
import { type CellQueue, queueBy } from './placement/cell-queue.js';
import { Placement } from './placement/placement.js';
import { RetryCounter } from './retry.js';
import { type RunOutcome, runOn } from './run-on.js';
import { SlotCare } from './slot-care.js';
import { RungKeeper } from './stopping/rung-keeper.js';

/** `again`: it came to no run, and the cell is to be looked at anew; undefined: no more runs are to begin. */
type Turn = Promise<RunOutcome | 'again' | undefined>;

/**
 * Hands cells to slots until each has been run, has failed for good, or the runs are to stop. Serves one `run()`.
 *
 * A condition of the machine counts against no cell: where the results can't be written or the trainer doesn't come up, the slot
 * waits; where it's the cell's own folder, the cell does.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #slots: SlotCare;
  readonly #queue: PQueue<CellQueue>;
  readonly #placement: Placement;
  readonly #breakers: BrokenValues;
  #keeper: RungKeeper | undefined;
  readonly #running = new Set<RunHandle>();
  readonly #entries = new Map<string, Entry>();
  /** Ends all pauses. */
  readonly #stop = new AbortController();
  /** Cells that are to begin anew and haven't yet. */
  readonly #anew = new Set<string>();
  #hasBegun = false;
  /** Cells that the end of it all waits for. */
  #awaited = 0;
  #end: { resolve(): void; reject(error: unknown): void } | undefined;
  #stopped: RunSummary['stopped'];

  constructor(given: SchedulerOptions) {
    const options = { ...given, observe: (event: SchedulerEvent) => this.#observe(event, given) };
    this.#options = options;
    this.#breakers = new BrokenValues(given);
    this.#placement = new Placement({
      ...options,
      slots: () => this.#slots,
      entries: this.#entries,
      isStopped: () => this.#stopped !== undefined,
    });
    this.#queue = queueBy(this.#placement);
    this.#slots = new SlotCare({
      ...options,
      folder: options.paths.cells,
      signal: this.#stop.signal,
      onUsable: () => this.#letThrough(),
      onNoneLeft: why => {
        this.#stopped ??= why;
        this.#stop.abort();
      },
    });
    this.#letThrough();
  }

  /**
   * Runs the cells, in their order as slots become free.
   *
   * @throws StoreError when results can't be written any more; all runs are killed before.
   */
  async run(cells: readonly QueuedCell[]): Promise<RunSummary> {
    for (const queued of cells) {
      const { cell, anew } = queued;
      if (anew) this.#anew.add(cell.cellId);
      this.#entries.set(cell.cellId, new Entry(queued));
    }
    const goOn = goingOn(this.#options.store, this.#entries);
    this.#keeper = this.#keepRungs();
    try {
      await new Promise<void>((resolve, reject) => {
        this.#end = { resolve, reject };
        // None goes before it is known which go first.
        this.#queue.pause();
        for (const entry of new Set([...goOn, ...this.#entries.values()])) this.#launch(entry);
        const begin = () => {
          this.#hasBegun = true;
          this.#placement.watch();
          this.#letThrough();
          this.#endIfDone();
        };
        if (this.#keeper === undefined) begin();
        // What each is to do at its rung is asked first.
        else setImmediate(begin);
      });
    } catch (error) {
      this.kill();
      await this.#queue.onIdle();
      throw error;
    } finally {
      // Slots that wait for their machine have nothing to wait for any more.
      this.#stop.abort();
      this.#placement.end();
    }
    return {
      ...summaryOf(this.#entries.values(), this.#stopped, this.#slots.benched),
      ...this.#breakers.summary,
    };
  }

  #launch(entry: Entry): void {
    // What was paused before it all began keeps nobody waiting.
    if (entry.isAwaited) this.#awaited++;
    this.#untilDone(entry).then(end => {
      entry.end = end;
      if (entry.isAwaited) this.#awaited--;
      this.#endIfDone();
    }, this.#end?.reject);
  }

  #endIfDone(): void {
    if (this.#awaited === 0) this.#end?.resolve();
    // Nothing is under way that those which are held at a rung could wait for.
    else if (this.#hasBegun && this.#awaited === this.#keeper?.resting) this.#stop.abort();
  }

  #keepRungs(): RungKeeper | undefined {
    const { stopping, store, observe } = this.#options;
    if (!stopping) return undefined;
    const { signal } = this.#stop;
    return new RungKeeper({
      ...{ grid: stopping, entries: this.#entries, store, observe, signal },
      isAnew: cellId => this.#anew.has(cellId),
      free: () => this.#slots.free.length,
      again: entry => this.again(entry),
      onRest: () => this.#endIfDone(),
    });
  }

  /** No new cells; the running ones end after their epoch. `limit`: what the user has set is used up. */
  drain(limit?: string): void {
    if (this.#stopped !== undefined) return;
    this.#stopAll('drain', limit);
    for (const handle of this.#running) handle.drain();
  }

  /** No new cells; the running ones end now and lose their unfinished epoch. */
  kill(): void {
    if (this.#stopped === 'kill') return;
    this.#stopAll('kill');
    for (const handle of this.#running) handle.kill();
  }

  #stopAll(how: 'drain' | 'kill', limit?: string): void {
    this.#stopped = limit === undefined ? how : 'limit';
    this.#stop.abort();
    this.#letThrough();
    this.#options.observe({ type: 'stopping', how, ...(limit !== undefined && { limit }) });
  }

  /** Cells that are still to come to their end. */
  get left(): number {
    return this.#awaited;
  }

  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  /** Holds a cell back: what runs ends after its epoch (`paused`) or now (`stopped`). */
  hold(entry: Entry, wish: HeldState): void {
    const { handle, cellId } = entry;
    this.#await(entry);
    entry.hold(wish);
    if (!entry.isTaken) this.#options.observe({ type: 'cellHeld', cellId, state: wish });
    else if (handle === undefined) return;
    else if (waitsForUser(wish)) handle.drain();
    else handle.kill();
  }

  /** Runs a cell once more that has come to its end here. False: the end of all is near. */
  again(entry: Entry): boolean {
    if (entry.end === undefined || this.#stop.signal.aborted) return false;
    entry.end = undefined;
    this.#breakers.forget(entry.cellId);
    entry.isAwaited = true;
    entry.release();
    this.#launch(entry);
    return true;
  }

  /** From now on the `grid run` waits for it. */
  #await(entry: Entry): void {
    if (!entry.isAwaited) this.#awaited++;
    entry.isAwaited = true;
  }

  release(entry: Entry): void {
    this.#await(entry);
    entry.release();
    this.#options.observe({ type: 'cellHeld', cellId: entry.cellId, state: 'queued' });
  }

  prioritize(entry: Entry, priority: number): void {
    entry.priority = priority;
    if (!entry.isTaken && entry.wish === undefined && entry.end === undefined)
      try {
        const usual = entry.turn(false);
        this.#queue.setPriority(entry.cellId, this.#keeper?.priority(entry, usual) ?? usual);
      } catch {
        // Between two runs it isn't in the queue; it comes back with this one.
      }
  }

  /** The slot takes no more cells; what runs on it goes on. False: there is none of that name, or it takes none already. */
  drainSlot(slotId: string): boolean {
    return this.#slots.drain(slotId);
  }

  /** As many runs at a time as slots take cells; once stopped, what waits in the queue may pass to learn of it. */
  #letThrough(): void {
    const { usable } = this.#slots;
    if (usable === 0 && this.#stopped === undefined) this.#queue.pause();
    else {
      this.#queue.concurrency = Math.max(1, usable);
      this.#queue.start();
    }
  }

  async #untilDone(entry: Entry): Promise<CellEnd> {
    const { cellId } = entry;
    const { store } = this.#options;
    const counter = new RetryCounter(this.#options.retry);
    const patience = new Patience(this.#options.waitSeconds, this.#stop.signal);
    let before: CellEnd = 'notRun';
    for (let again = false; ; again = true) {
      while (entry.isPaused && !this.#stop.signal.aborted) await entry.change(this.#stop.signal);
      if (entry.wish !== undefined) return endAs(entry.wish);
      const held = this.#keeper && entry.wasOn === undefined ? await this.#keeper.turn(entry) : undefined;
      if (held === 'again') continue;
      if (held !== undefined) return held === 'before' ? before : held;
      const result = await (entry.wasOn === undefined
        ? this.#inTurn(entry, counter, entry.turn(again))
        : this.#adopt(entry, counter, entry.wasOn));
      if (result === 'again') continue;
      if (result === undefined) return before;
      before = isCutOff(result.state) ? 'interrupted' : 'notRun';
      if (this.#keeper?.goesOn(entry, result)) continue;
      const over = await afterRun(result, entry, {
        ...{ store, patience, signal: this.#stop.signal },
        folder: this.#options.paths.cell(cellId).root,
      });
      if (over !== undefined) return over === 'before' ? before : over;
      if (this.#stopped !== undefined) return waitsForUser(result.state) ? endAs(result.state) : before;
    }
  }

  /** One run, when its turn comes, unless the user changes something meanwhile. */
  async #inTurn(entry: Entry, counter: RetryCounter, priority: number): Turn {
    const { cellId: id, leftQueue: signal } = entry;
    const options = { id, priority: this.#keeper?.priority(entry, priority) ?? priority, signal };
    entry.isQueued = true;
    try {
      return await this.#queue.add(() => this.#runOnce(entry, counter), options);
    } catch (error) {
      if (signal.aborted && error === signal.reason) return 'again';
      throw error;
    } finally {
      entry.isQueued = false;
    }
  }

  /** Goes on with its run that is under way since before, if that slot is there. */
  async #adopt(entry: Entry, counter: RetryCounter, slotId: string): Turn {
    entry.isTaken = true;
    const slot = await this.#slots.claim(slotId);
    entry.wasOn = undefined;
    entry.isTaken = slot !== undefined;
    if (slot !== undefined && this.#stopped !== undefined) this.#slots.giveBack(slot, entry.cellId);
    if (slot === undefined || this.#stopped !== undefined) {
      if (entry.wish !== undefined) this.#options.store.hold([entry.cellId], entry.wish);
      return 'again';
    }
    return this.#runOn(slot, entry, counter, slot.outlivesRunner);
  }

  async #runOnce(entry: Entry, counter: RetryCounter): Turn {
    entry.isQueued = false;
    try {
      if (this.#keeper?.holds(entry) && this.#stopped === undefined) return 'again';
      if (this.#stopped !== undefined || !this.#holdsGrid() || this.#breakers.holdsBack(entry.queued.cell))
        return undefined;
      entry.isTaken = true;
      return await this.#runOn(this.#slots.take(this.#placement.slotFor(entry)), entry, counter, false);
    } finally {
      this.#placement.left(entry);
    }
  }

  #observe(event: SchedulerEvent, { observe }: SchedulerOptions): void {
    this.#placement.observe(event);
    this.#breakers.observe(event);
    observe(event);
    // Others may have room beside it.
    if (event.type === 'trainer' && event.event.type === 'memory') this.#letThrough();
    this.#keeper?.observe(event);
  }

  async #runOn(slot: OpenSlot, entry: Entry, counter: RetryCounter, adopts: boolean): Turn {
    return runOn(slot, entry, counter, {
      ...this.#options,
      signal: this.#stop.signal,
      running: this.#running,
      care: this.#slots,
      placement: this.#placement,
      adopts,
      keeper: this.#keeper,
      takeAnew: cellId => this.#anew.delete(cellId),
      isStopped: () => this.#stopped !== undefined,
      holdsGrid: () => this.#holdsGrid(),
    });
  }

  /** Whoever has taken the grid meanwhile runs it now: this runner ends. */
  #holdsGrid(): boolean {
    if (this.#stopped === 'gridLost') return false;
    if (this.#options.holdsGrid?.() ?? true) return true;
    this.#stopped = 'gridLost';
    this.#stop.abort();
    for (const handle of this.#running) handle.kill();
    this.#letThrough();
    return false;
  }
}
