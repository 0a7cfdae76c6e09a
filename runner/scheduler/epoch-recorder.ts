import type { EpochRecord } from '../../trainer/contract/events.js';
import type { RunHandle, StoreWriter } from '../store/run-store.js';
import { startsOver } from '../trainer-client/run-report.js';

/**
 * Writes the epochs of one run in whatever order they are reported. An epoch that comes in parts (one line with the training's
 * metrics, one with the validation's) is put together; one that comes late leaves those after it in place.
 */
export class EpochRecorder {
  readonly #known = new Map<number, EpochRecord>();

  constructor(
    private readonly store: Pick<StoreWriter, 'recordEpoch'>,
    private readonly run: RunHandle,
  ) {}

  record({ epoch, step, metrics }: EpochRecord): void {
    if (startsOver(epoch, this.#known)) this.#known.clear();
    const before = this.#known.get(epoch);
    this.#known.set(epoch, { epoch, step, metrics: { ...before?.metrics, ...metrics } });
    // The store drops what comes after an epoch that is written.
    const later = [...this.#known.keys()].filter(known => known >= epoch).sort((a, b) => a - b);
    for (const each of later) this.store.recordEpoch(this.run, this.#known.get(each)!);
  }
}
