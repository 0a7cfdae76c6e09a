import type { EpochRecord } from '../../trainer/contract/events.js';
import { isBetter, type Objective } from '../domain/metric.js';
import type { SchedulerEvent } from '../domain/scheduler-event.js';
import type { Slot } from '../domain/slot.js';
import type { BestCell } from '../domain/stored.js';
import type { CellProgress, SlotReading } from '../readings/slots.js';

export interface ModelOptions {
  slots: readonly Slot[];
  /** The cells that are to be run, with the epochs that are left of each. */
  queue: readonly { cellId: string; epochsLeft: number }[];
  objective: Objective;
  /** Cells of the grid that were completed before. */
  completedBefore: number;
  /** Best cell of the grid before; null: none. */
  best: BestCell | null;
  /** Milliseconds. */
  now?: () => number;
}

/** What a view of a `grid run` shows, kept up to date by the scheduler's events. */
export class RunModel {
  readonly slots: ReadonlyMap<string, SlotReading>;
  readonly objective: Objective;
  readonly total: number;
  readonly completedBefore: number;
  best: BestCell | null;
  completed = 0;
  failed = 0;
  interrupted = 0;
  stopping: 'drain' | 'kill' | null = null;
  readonly #options: ModelOptions;
  /** Epochs that are still to be trained, by cell. */
  readonly #epochsLeft: Map<string, number>;
  readonly #epochBegan = new Map<string, number>();
  #measuredSeconds = 0;
  #measuredEpochs = 0;

  constructor(options: ModelOptions) {
    this.#options = options;
    this.slots = new Map(
      options.slots.map(slot => [slot.slotId, { slot, state: 'idle', trouble: null, cell: null, runs: 0 }]),
    );
    this.objective = options.objective;
    this.total = options.queue.length;
    this.completedBefore = options.completedBefore;
    this.best = options.best;
    this.#epochsLeft = new Map(options.queue.map(({ cellId, epochsLeft }) => [cellId, epochsLeft]));
  }

  get running(): number {
    return [...this.slots.values()].filter(({ state }) => state === 'running').length;
  }

  get queued(): number {
    return this.total - this.completed - this.failed - this.interrupted - this.running;
  }

  /** Seconds until the last cell is done; undefined before anything was measured. */
  get secondsLeft(): number | undefined {
    const workers = [...this.slots.values()].filter(
      ({ state }) => state !== 'benched' && state !== 'drained',
    ).length;
    if (this.#measuredEpochs === 0) return undefined;
    let epochs = 0;
    for (const left of this.#epochsLeft.values()) epochs += left;
    const each = this.#measuredSeconds / this.#measuredEpochs;
    return (epochs * each) / Math.max(1, Math.min(workers, this.#epochsLeft.size));
  }

  apply(event: SchedulerEvent): void {
    if (event.type === 'stopping') {
      this.stopping = event.how;
      return;
    }
    if (event.type === 'cellHeld') return;
    const live = this.slots.get(event.slotId);
    if (live === undefined) return;
    switch (event.type) {
      case 'runStarted':
        live.state = 'running';
        live.cell = { ...event, epoch: 0, progress: null, loss: null, best: null };
        break;
      case 'trainer':
        if (live.cell !== null) this.#take(live.cell, event.event);
        break;
      case 'runEnded':
        live.state = 'idle';
        live.cell = null;
        live.runs++;
        this.#epochBegan.delete(event.cellId);
        if (event.retryInSeconds !== undefined) break;
        this.#epochsLeft.delete(event.cellId);
        if (event.state === 'completed' || event.state === 'failed' || event.state === 'interrupted')
          this[event.state]++;
        break;
      case 'slotWaiting':
        live.trouble = event;
        break;
      case 'slotReady':
        live.trouble = null;
        break;
      case 'slotDrained':
        live.state = 'drained';
        break;
      case 'slotBenched':
        live.state = 'benched';
        live.trouble = event;
        break;
    }
  }

  #take(cell: CellProgress, event: Extract<SchedulerEvent, { type: 'trainer' }>['event']): void {
    switch (event.type) {
      case 'started':
        for (const record of event.history) this.#takeEpoch(cell, record);
        cell.epoch = event.resumedFromEpoch;
        this.#epochBegan.set(cell.cellId, this.#now());
        break;
      case 'progress':
        cell.progress = event.stepsPerEpoch > 0 ? stepShare(event) : null;
        cell.loss = event.loss;
        break;
      case 'epoch': {
        this.#takeEpoch(cell, event);
        const began = this.#epochBegan.get(cell.cellId);
        if (began !== undefined) {
          this.#measuredSeconds += (this.#now() - began) / 1000;
          this.#measuredEpochs++;
        }
        this.#epochBegan.set(cell.cellId, this.#now());
        break;
      }
      default:
    }
  }

  #takeEpoch(cell: CellProgress, { epoch, metrics }: EpochRecord): void {
    cell.epoch = epoch;
    cell.progress = null;
    cell.loss = metrics.trainLoss ?? cell.loss;
    this.#epochsLeft.set(cell.cellId, Math.max(0, cell.epochs - epoch));
    const value = metrics[this.objective.metric] ?? null;
    if (value === null) return;
    if (isBetter(this.objective, value, cell.best)) cell.best = value;
    if (isBetter(this.objective, value, this.best?.value))
      this.best = { cellId: cell.cellId, labels: cell.labels, value, epoch };
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

/** Steps are counted from the beginning of the run; this is the share of the running epoch. */
function stepShare({
  epoch,
  step,
  stepsPerEpoch,
}: {
  epoch: number;
  step: number;
  stepsPerEpoch: number;
}): number {
  const within = step > stepsPerEpoch ? step - (epoch - 1) * stepsPerEpoch : step;
  return Math.min(1, Math.max(0, within / stepsPerEpoch));
}
