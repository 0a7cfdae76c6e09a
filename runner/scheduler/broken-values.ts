/** Breakers of a grid that runs: what its events tell them, and what they tell of it. */
import type { Cell } from '../domain/cell.js';
import { isWhole } from '../domain/run-state.js';
import type { RunSummary, SchedulerEvent, SchedulerObserver } from '../domain/scheduler-event.js';
import type { Labels } from '../domain/stored.js';
import { Breakers } from './breakers.js';
import type { SchedulerOptions } from './options.js';

export class BrokenValues {
  readonly #breakers = new Breakers();
  readonly #told = new Set<string>();
  readonly #labels = new Map<string, Labels>();
  readonly #observe: SchedulerObserver;

  constructor({ outcomes = [], observe }: SchedulerOptions) {
    this.#observe = observe;
    for (const { cellId, labels, outcome } of outcomes) this.#breakers.record(cellId, labels, outcome);
  }

  /** Whether a cell isn't to be begun; the first one of its kind is told of. */
  holdsBack({ labels }: Cell): boolean {
    const values = this.#breakers.blames(labels);
    if (values === undefined) return false;
    if (!this.#told.has(values)) this.#observe({ type: 'broken', values });
    this.#told.add(values);
    return true;
  }

  observe(event: SchedulerEvent): void {
    if (event.type === 'runStarted') this.#labels.set(event.cellId, event.labels);
    if (event.type !== 'runEnded' || event.retryInSeconds !== undefined) return;
    const labels = this.#labels.get(event.cellId);
    const outcome = event.failure?.class === 'nanLoss' ? 'nan' : isWhole(event.state) ? 'success' : undefined;
    if (labels !== undefined && outcome !== undefined) this.#breakers.record(event.cellId, labels, outcome);
  }

  /** The user tries the cell again. */
  forget(cellId: string): void {
    this.#breakers.forget(cellId);
  }

  get summary(): Pick<RunSummary, 'broken'> {
    return this.#told.size > 0 ? { broken: [...this.#told] } : {};
  }
}
