import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { QueuedCell } from '../domain/plan.js';
import type { RetryPolicy } from '../domain/retry-policy.js';
import type { RunSummary, SchedulerObserver, SlotTrouble } from '../domain/scheduler-event.js';
import type { CurrentInputs } from '../grid/identity/inputs/trainer-inputs.js';
import type { OpenSlot } from '../slots/backend.js';
import type { ResultsPaths } from '../store/run-paths.js';
import { StoreError } from '../store/store-error.js';
import type { RunHandle } from '../trainer-client/trainer-run.js';
import { setCheckpointsAside } from './cell-folder.js';
import { Patience } from './patience.js';
import { mayBeFaultOfSlot, RetryCounter } from './retry.js';
import { executeRun, type RunRecorder, type RunResult } from './run-cell.js';
import { SlotPool } from './slot-pool.js';
import { writeProblem } from './write-problem.js';

export interface SchedulerOptions {
  /** Open, and closed by their owner. */
  slots: readonly OpenSlot[];
  store: RunRecorder;
  paths: ResultsPaths;
  /** Folder of the grid file: where external trainers run. */
  gridFolder: string;
  retry: RetryPolicy;
  /** What runs of the grid's own trainer rest on, as it is now; null: the shared trainer. */
  inputs: (() => CurrentInputs) | null;
  /** Limit of one run; null: none. */
  timeoutSeconds: number | null;
  /** So long a slot, or a cell, waits for the machine. */
  waitSeconds: number;
  observe: SchedulerObserver;
}

/** What becomes of a cell after a run: the end, or another run after a pause, on a fit slot, or once its folder can be written. */
type Next =
  | { next: 'end' }
  | { next: 'pause'; seconds: number }
  | { next: 'fitSlot' }
  | { next: 'fitFolder' };

/**
 * Hands cells to slots until each has been run, has failed for good, or the runs are to stop. Serves one `run()`.
 *
 * A condition of the machine counts against no cell: where the results can't be written or the trainer doesn't come up, the slot
 * waits; where it's the cell's own folder, the cell does.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #pool: SlotPool;
  readonly #queue: PQueue;
  readonly #running = new Set<RunHandle>();
  /** Ends all pauses. */
  readonly #stop = new AbortController();
  readonly #patience = new Map<OpenSlot, Patience>();
  /** Cells that are to begin anew and haven't yet. */
  readonly #anew = new Set<string>();
  readonly #benched: NonNullable<RunSummary['benched']> = [];
  #stopped: RunSummary['stopped'];

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#pool = new SlotPool(options.slots);
    this.#queue = new PQueue({ concurrency: options.slots.length });
    for (const slot of options.slots) this.#patience.set(slot, this.#newPatience());
  }

  /**
   * Runs the cells, in their order as slots become free.
   *
   * @throws StoreError when results can't be written any more; all runs are killed before.
   */
  async run(cells: readonly QueuedCell[]): Promise<RunSummary> {
    for (const { cell, anew } of cells) if (anew) this.#anew.add(cell.cellId);
    const summary: RunSummary = { completed: 0, failed: 0, interrupted: 0, notRun: 0 };
    try {
      await Promise.all(
        cells.map(async queued => {
          summary[await this.#untilDone(queued)]++;
        }),
      );
    } catch (error) {
      this.kill();
      await this.#queue.onIdle();
      throw error;
    } finally {
      // Slots that wait for their machine have nothing to wait for any more.
      this.#stop.abort();
    }
    return {
      ...summary,
      ...(this.#stopped !== undefined && { stopped: this.#stopped }),
      ...(this.#benched.length > 0 && { benched: this.#benched }),
    };
  }

  /** No new cells; the running ones end after their epoch. */
  drain(): void {
    if (this.#stopped !== undefined) return;
    this.#end('drain');
    for (const handle of this.#running) handle.drain();
  }

  /** No new cells; the running ones end now and lose their unfinished epoch. */
  kill(): void {
    if (this.#stopped === 'kill') return;
    this.#end('kill');
    for (const handle of this.#running) handle.kill();
  }

  #end(how: 'drain' | 'kill'): void {
    this.#stopped = how;
    this.#stop.abort();
    this.#letThrough();
    this.#options.observe({ type: 'stopping', how });
  }

  #newPatience(): Patience {
    return new Patience(this.#options.waitSeconds, this.#stop.signal);
  }

  /** As many runs at a time as slots take cells; once stopped, what waits in the queue may pass to learn of it. */
  #letThrough(): void {
    const { usable } = this.#pool;
    if (usable === 0 && this.#stopped === undefined) {
      this.#queue.pause();
      return;
    }
    this.#queue.concurrency = Math.max(1, usable);
    this.#queue.start();
  }

  async #untilDone(queued: QueuedCell): Promise<'completed' | 'failed' | 'interrupted' | 'notRun'> {
    const { cell } = queued;
    const counter = new RetryCounter(this.#options.retry);
    const patience = this.#newPatience();
    let before: 'interrupted' | 'notRun' = 'notRun';
    // What was begun goes before what is new.
    for (let priority = 0; ; priority = 1) {
      const result = await this.#queue.add(() => this.#runOnce(queued, counter), { priority });
      if (result === undefined) return before;
      before = result.state === 'interrupted' ? 'interrupted' : 'notRun';
      switch (result.next) {
        case 'end':
          return result.state;
        case 'pause':
          await sleep(result.seconds * 1000, undefined, { signal: this.#stop.signal }).catch(() => {});
          break;
        case 'fitFolder':
          if (!(await this.#waitFor(this.#options.paths.cell(cell.cellId).root, patience))) return before;
          break;
        case 'fitSlot':
          patience.reset();
      }
      if (this.#stopped !== undefined) return before;
    }
  }

  /** One run on the next free slot; undefined if no more runs are to begin. */
  async #runOnce(queued: QueuedCell, counter: RetryCounter): Promise<(RunResult & Next) | undefined> {
    if (this.#stopped !== undefined) return undefined;
    const slot = this.#pool.take();
    const { cellId } = queued.cell;
    const { slotId } = slot;
    const { observe, store, paths } = this.#options;
    const result = await this.#execute(queued, slot);
    if (result === undefined) {
      this.#giveBack(slot, cellId);
      return undefined;
    }
    const { failure, waitedSinceMs, ...run } = result;
    const ended = { type: 'runEnded', slotId, cellId, ...run, ...(failure && { failure }) } as const;
    if (failure?.class === 'environment') {
      const isOver = waitedSinceMs !== undefined || this.#stopped !== undefined;
      const next = isOver ? 'end' : this.#whatIsUnfit(cellId);
      observe({ ...ended, ...(next !== 'end' && { retryInSeconds: 0 }) });
      if (next === 'fitFolder' || (isOver && writeProblem(paths.cells) === undefined))
        this.#giveBack(slot, cellId);
      else void this.#suspend(slot, failure.message, waitedSinceMs);
      return { ...result, next };
    }
    const seconds = failure && counter.afterFailure(failure);
    const again = seconds === undefined ? {} : { retryInSeconds: seconds };
    // In the store too: whatever ends this process, the next one takes the cell up.
    if (seconds !== undefined) store.requeue([cellId]);
    observe({ ...ended, ...again });
    if (failure === undefined) this.#patience.get(slot)?.reset();
    this.#giveBack(
      slot,
      cellId,
      failure !== undefined && mayBeFaultOfSlot(failure) ? failure.message : undefined,
    );
    return { ...result, ...(seconds === undefined ? { next: 'end' } : { next: 'pause', seconds }) };
  }

  /** Undefined: the cell is being run by another process, for another grid that has it too. */
  async #execute(queued: QueuedCell, slot: OpenSlot): Promise<RunResult | undefined> {
    const { cellId, labels, spec } = queued.cell;
    const { slotId } = slot;
    const { observe } = this.#options;
    let handle: RunHandle | undefined;
    try {
      return await executeRun(queued.cell, slot, {
        ...this.#options,
        engine: queued.engine,
        setAside: folder => (this.#anew.delete(cellId) ? setCheckpointsAside(folder) : undefined),
        signal: this.#stop.signal,
        onStart: ({ attempt }, started) => {
          handle = started;
          this.#running.add(started);
          observe({ type: 'runStarted', slotId, cellId, attempt, labels, epochs: spec.train.epochs });
        },
        onEvent: event => {
          if (event.type === 'epoch') this.#patience.get(slot)?.reset();
          observe({ type: 'trainer', slotId, cellId, event });
        },
        onWait: waiting =>
          observe(
            waiting === undefined
              ? { type: 'slotReady', slotId }
              : { type: 'slotWaiting', slotId, ...waiting },
          ),
      });
    } catch (error) {
      if (error instanceof StoreError && error.problem === 'cellIsRunning') return undefined;
      throw error;
    } finally {
      if (handle !== undefined) this.#running.delete(handle);
    }
  }

  /** `fault`: how the run failed, if that may be the slot's. */
  #giveBack(slot: OpenSlot, cellId: string, fault?: string): void {
    if (!this.#pool.giveBack(slot, cellId, fault !== undefined))
      this.#takeOutOfUse(slot, {
        reason: `several cells in a row failed on it, the last one: ${fault}`,
        sinceMs: Date.now(),
      });
  }

  #whatIsUnfit(cellId: string): 'fitFolder' | 'fitSlot' {
    const { paths } = this.#options;
    if (writeProblem(paths.cells) !== undefined) return 'fitSlot';
    return writeProblem(paths.cell(cellId).root) === undefined ? 'fitSlot' : 'fitFolder';
  }

  /** Waits until a folder can be written; false: no longer. */
  async #waitFor(folder: string, patience: Patience): Promise<boolean> {
    while (await patience.pause()) if (writeProblem(folder) === undefined) return true;
    return false;
  }

  /**
   * Keeps a slot from cells until its machine may be fit again: the next run shows whether it is.
   *
   * @param waitedSinceMs the run has waited too long already, since then
   */
  async #suspend(slot: OpenSlot, reason: string, waitedSinceMs?: number): Promise<void> {
    const { slotId } = slot;
    const patience = this.#patience.get(slot)!;
    this.#pool.suspend(slot);
    this.#letThrough();
    const { sinceMs, untilMs } = patience.begin();
    if (waitedSinceMs === undefined)
      this.#options.observe({ type: 'slotWaiting', slotId, reason, sinceMs, untilMs });
    const isFit = waitedSinceMs === undefined && (await this.#waitFor(this.#options.paths.cells, patience));
    if (!isFit && !this.#stop.signal.aborted) {
      this.#pool.bench(slot);
      this.#takeOutOfUse(slot, { reason, sinceMs: waitedSinceMs ?? sinceMs });
      return;
    }
    this.#pool.resume(slot);
    if (isFit) this.#options.observe({ type: 'slotReady', slotId });
    this.#letThrough();
  }

  #takeOutOfUse({ slotId }: OpenSlot, trouble: SlotTrouble): void {
    this.#benched.push({ slotId, ...trouble });
    this.#options.observe({ type: 'slotBenched', slotId, ...trouble });
    if (this.#pool.isEmpty) {
      this.#stopped ??= 'allSlotsBenched';
      this.#stop.abort();
    }
    this.#letThrough();
  }
}
