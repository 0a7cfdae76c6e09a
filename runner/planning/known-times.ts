import type { Cell } from '../domain/cell.js';
import type { SchedulerEvent } from '../domain/scheduler-event.js';
import { type EpochTime, epochSeconds, likeness } from './estimate.js';

/** Epoch times of a grid that runs: what was measured before, and what its own epochs tell. */
export class KnownTimes {
  /** Grows when the time of a kind of cell becomes known. */
  version = 0;
  readonly #times = new Map<string, EpochTime[]>();
  readonly #specs: ReadonlyMap<string, Cell['spec']>;
  /** By cell: the first epoch of a process holds its warm-up. */
  readonly #told = new Map<string, EpochTime>();
  /** By the likeness and the batch size. */
  #seconds = new Map<string, number | undefined>();

  constructor(cells: readonly Cell[], times: readonly EpochTime[]) {
    this.#specs = new Map(cells.map(({ cellId, spec }) => [cellId, spec]));
    for (const time of times) this.#add(time);
  }

  epochSeconds({ spec }: Cell): number | undefined {
    const like = likeness(spec);
    const key = `${spec.train.batchSize} ${like}`;
    if (!this.#seconds.has(key)) this.#seconds.set(key, epochSeconds(spec, this.#times.get(like) ?? []));
    return this.#seconds.get(key);
  }

  observe(event: SchedulerEvent): void {
    if (event.type !== 'trainer' || event.event.type !== 'epoch') return;
    const { seconds } = event.event.metrics;
    const spec = this.#specs.get(event.cellId);
    if (spec === undefined || seconds === undefined || seconds === null) return;
    const known = this.#told.get(event.cellId);
    if (known !== undefined && known.seconds <= seconds) return;
    if (known !== undefined) known.seconds = seconds;
    else this.#told.set(event.cellId, this.#add({ spec, seconds }));
    // Many epochs tell the same: sorting all that waits anew is worth it only for what wasn't known.
    if (known === undefined) this.#seconds = new Map();
  }

  #add(time: EpochTime): EpochTime {
    const key = likeness(time.spec);
    const like = this.#times.get(key);
    if (like !== undefined) like.push(time);
    else {
      this.#times.set(key, [time]);
      this.version++;
    }
    return time;
  }
}
