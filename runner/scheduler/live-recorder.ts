import type { SchedulerEvent, SchedulerObserver } from '../domain/scheduler-event.js';
import type { Slot } from '../domain/slot.js';
import type { StoreWriter } from '../store/run-store.js';
import type { SlotChange } from '../store/sqlite/live-tables.js';
import { isConditionOfMachine } from '../store/store-error.js';

/** Progress of a run is written this often at most, … */
const progressMs = 1000;
/** … and what slots do: cells may take milliseconds. */
const slotsMs = 250;

type LiveStore = Pick<
  StoreWriter,
  | 'beginRunner'
  | 'changeRunner'
  | 'addSlot'
  | 'removeSlot'
  | 'changeSlots'
  | 'recordProgress'
  | 'waitForRetry'
>;

/** Keeps in the store what a view shows of a running grid: slots, progress, pauses, the end that is near. */
export class LiveRecorder {
  readonly #told = new Map<string, number>();
  /** What slots do, as far as it isn't written yet. */
  readonly #slots = new Map<string, SlotChange>();
  #slotsAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: LiveStore,
    private readonly grid: string,
    slots: readonly Slot[],
  ) {
    this.#try(() => store.beginRunner(grid, slots));
  }

  readonly observe: SchedulerObserver = event => this.#try(() => this.#write(event));

  end(): void {
    this.#writeSlots();
    this.#try(() => this.store.changeRunner(this.grid, { hasEnded: true }));
  }

  #slot(change: SlotChange): void {
    const endedRuns = (this.#slots.get(change.slotId)?.endedRuns ?? 0) + (change.endedRuns ?? 0);
    this.#slots.set(change.slotId, { ...change, endedRuns });
    const wait = slotsMs - (performance.now() - this.#slotsAt);
    if (wait <= 0) this.#writeSlots();
    else this.#timer ??= setTimeout(() => this.#writeSlots(), wait);
  }

  #writeSlots(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#slotsAt = performance.now();
    if (this.#slots.size === 0) return;
    this.#try(() => this.store.changeSlots(this.grid, this.#slots.values()));
    this.#slots.clear();
  }

  #write(event: SchedulerEvent): void {
    const { store, grid } = this;
    switch (event.type) {
      case 'runStarted':
        this.#slot({ slotId: event.slotId, state: 'running', cellId: event.cellId });
        break;
      case 'runEnded':
        this.#told.delete(event.cellId);
        this.#slot({ slotId: event.slotId, state: 'idle', endedRuns: 1 });
        if (event.retryInSeconds !== undefined && event.retryInSeconds > 0)
          store.waitForRetry(event.cellId, Date.now() + event.retryInSeconds * 1000);
        break;
      case 'slotWaiting':
        this.#slot({ ...event, state: 'waiting' });
        break;
      case 'slotReady':
        this.#slot({ slotId: event.slotId, state: 'idle' });
        break;
      case 'slotBenched':
        this.#slot({ ...event, state: 'benched' });
        break;
      case 'slotDrained':
        this.#slot({ slotId: event.slotId, state: 'drained', sinceMs: Date.now() });
        break;
      case 'slotJoined':
        this.#slots.delete(event.slotId);
        store.addSlot(grid, event);
        break;
      case 'slotLeft':
        this.#slots.delete(event.slotId);
        store.removeSlot(grid, event.slotId);
        break;
      case 'stopping':
        store.changeRunner(grid, { stopping: event.how });
        break;
      case 'trainer':
        if (event.event.type === 'progress') this.#progress(event.cellId, event.event);
        break;
      case 'cellHeld':
      case 'cellStopped':
      case 'slotNews':
    }
  }

  #progress(
    cellId: string,
    {
      epoch,
      step,
      stepsPerEpoch,
      loss,
    }: { epoch: number; step: number; stepsPerEpoch: number; loss: number | null },
  ): void {
    const now = performance.now();
    if (now - (this.#told.get(cellId) ?? Number.NEGATIVE_INFINITY) < progressMs) return;
    this.#told.set(cellId, now);
    // Steps are counted from the beginning of the run.
    const within = step > stepsPerEpoch ? step - (epoch - 1) * stepsPerEpoch : step;
    this.store.recordProgress({ cellId, epoch, step: Math.max(0, within), stepsPerEpoch, loss });
  }

  /** It is only shown: what keeps it from being written is told of by those who must write. */
  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!isConditionOfMachine(error)) throw error;
    }
  }
}
