import type { QueuedCell } from '../domain/plan.js';
import type { RunSummary } from '../domain/scheduler-event.js';
import type { StoreWriter } from '../store/run-store.js';
import { ControlDesk, type JoinSlots } from './control.js';
import { LimitWatch, type RunLimits } from './limits.js';
import { LiveRecorder } from './live-recorder.js';
import type { SchedulerOptions } from './options.js';
import { Scheduler } from './scheduler.js';

export interface GridRunOptions extends SchedulerOptions {
  limits?: RunLimits;
  /** Name under which the results keep the grid. */
  grid: string;
  store: StoreWriter;
  /** For users who bring more slots while it runs. */
  joinSlots: JoinSlots;
}

/** A scheduler at work for a grid that this process has locked: seen and steered by others through the store. */
export class GridRun {
  readonly #scheduler: Scheduler;
  readonly #live: LiveRecorder;
  readonly #options: GridRunOptions;

  constructor(options: GridRunOptions) {
    this.#options = options;
    this.#live = new LiveRecorder(options.store, options.grid, options.slots.all);
    this.#scheduler = new Scheduler({
      ...options,
      observe: event => {
        this.#live.observe(event);
        options.observe(event);
      },
    });
  }

  /** @throws StoreError when results can't be written any more */
  async run(queue: readonly QueuedCell[]): Promise<RunSummary> {
    const { grid, store, joinSlots } = this.#options;
    const running = this.#scheduler.run(queue);
    this.#options.slots.serve(() => this.#scheduler.left);
    const { limits = {}, slots } = this.#options;
    const watch = new LimitWatch(
      limits,
      () => slots.pricePerHour,
      limit => this.#scheduler.drain(limit),
    );
    const desk = new ControlDesk(grid, store, this.#scheduler, joinSlots);
    try {
      return await running;
    } finally {
      watch.end();
      desk.close();
      this.#live.end();
    }
  }

  /** No new cells; the running ones end after their epoch. */
  drain(): void {
    this.#scheduler.drain();
  }

  /** No new cells; the running ones end now and lose their unfinished epoch. */
  kill(): void {
    this.#scheduler.kill();
  }
}
