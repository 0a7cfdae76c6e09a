import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Cell } from '../domain/cell.js';
import type { RetryPolicy } from '../domain/retry-policy.js';
import type { Failure } from '../domain/run.js';
import type { RunSummary, SchedulerObserver } from '../domain/scheduler-event.js';
import type { OpenSlot, RunHandle } from '../slots/backend.js';
import type { ResultsPaths } from '../store/run-paths.js';
import { StoreError } from '../store/store-error.js';
import { dropCheckpoints } from './cell-folder.js';
import { executeRun, type RunRecorder, type RunResult } from './execute-run.js';
import type { QueuedCell } from './resume.js';
import { mayBeFaultOfSlot, RetryCounter } from './retry.js';
import { SlotPool } from './slot-pool.js';

export interface SchedulerOptions {
  /** Open, and closed by their owner. */
  slots: readonly OpenSlot[];
  store: RunRecorder;
  paths: ResultsPaths;
  /** Folder of the grid file: where external trainers run. */
  gridFolder: string;
  retry: RetryPolicy;
  /** Limit of one run; null: none. */
  timeoutSeconds: number | null;
  observe: SchedulerObserver;
}

/** Hands cells to slots until each has been run, has failed for good, or the runs are to stop. Serves one `run()`. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #pool: SlotPool;
  readonly #queue: PQueue;
  readonly #running = new Set<RunHandle>();
  /** Ends the pauses before retries. */
  readonly #stop = new AbortController();
  #stopped: RunSummary['stopped'];

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#pool = new SlotPool(options.slots);
    this.#queue = new PQueue({ concurrency: options.slots.length });
  }

  /**
   * Runs the cells, in their order as slots become free.
   *
   * @throws StoreError when results can't be written any more; all runs are killed before.
   */
  async run(cells: readonly QueuedCell[]): Promise<RunSummary> {
    const summary: RunSummary = { completed: 0, failed: 0, interrupted: 0, notRun: 0 };
    try {
      await Promise.all(
        cells.map(async ({ cell, anew }) => {
          if (anew) dropCheckpoints(this.#options.paths.cell(cell.cellId));
          summary[await this.#untilDone(cell)]++;
        }),
      );
    } catch (error) {
      this.kill();
      await this.#queue.onIdle();
      throw error;
    }
    return { ...summary, ...(this.#stopped !== undefined && { stopped: this.#stopped }) };
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
    this.#options.observe({ type: 'stopping', how });
  }

  async #untilDone(cell: Cell): Promise<'completed' | 'failed' | 'interrupted' | 'notRun'> {
    const counter = new RetryCounter(this.#options.retry);
    for (;;) {
      const result = await this.#queue.add(() => this.#runOnce(cell, counter));
      if (result === undefined) return 'notRun';
      if (result.retryInSeconds === undefined) return result.state;
      await sleep(result.retryInSeconds * 1000, undefined, { signal: this.#stop.signal }).catch(() => {});
      if (this.#stopped !== undefined) return 'notRun';
    }
  }

  /** One run on the next free slot; undefined if no more runs are to begin. */
  async #runOnce(
    cell: Cell,
    counter: RetryCounter,
  ): Promise<(RunResult & { retryInSeconds?: number }) | undefined> {
    if (this.#stopped !== undefined) return undefined;
    const slot = this.#pool.take();
    const { cellId } = cell;
    const { observe, store } = this.#options;
    const result = await this.#execute(cell, slot);
    if (result === undefined) {
      this.#giveBack(slot, cellId);
      return undefined;
    }
    const { failure } = result;
    const retryInSeconds = failure && counter.afterFailure(failure);
    const again = retryInSeconds === undefined ? {} : { retryInSeconds };
    // In the store too: whatever ends this process, the next one takes the cell up.
    if (retryInSeconds !== undefined) store.requeue([cellId]);
    observe({ type: 'runEnded', slotId: slot.slotId, cellId, ...result, ...again });
    this.#giveBack(slot, cellId, failure);
    return { ...result, ...again };
  }

  /** Undefined: the cell is being run by another process, for another grid that has it too. */
  async #execute(cell: Cell, slot: OpenSlot): Promise<RunResult | undefined> {
    const { cellId, labels, spec } = cell;
    const { slotId } = slot;
    const { observe } = this.#options;
    let handle: RunHandle | undefined;
    try {
      return await executeRun(cell, slot, {
        ...this.#options,
        onStart: ({ attempt }, started) => {
          handle = started;
          this.#running.add(started);
          observe({ type: 'runStarted', slotId, cellId, attempt, labels, epochs: spec.train.epochs });
        },
        onEvent: event => observe({ type: 'trainer', slotId, cellId, event }),
      });
    } catch (error) {
      if (error instanceof StoreError && error.problem === 'cellIsRunning') return undefined;
      throw error;
    } finally {
      if (handle !== undefined) this.#running.delete(handle);
    }
  }

  /** `failure`: how the cell ended on it, if not well. */
  #giveBack(slot: OpenSlot, cellId: string, failure?: Failure): void {
    if (this.#pool.giveBack(slot, cellId, failure !== undefined && mayBeFaultOfSlot(failure))) return;
    this.#options.observe({ type: 'slotBenched', slotId: slot.slotId, reason: failure?.message ?? '' });
    if (this.#pool.usable > 0) this.#queue.concurrency = this.#pool.usable;
    else {
      this.#stopped ??= 'allSlotsBenched';
      this.#stop.abort();
    }
  }
}
