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
    private readonly store: Pick<StoreWriter, 'recordEpoch' | 'beginAfter'>,
    private readonly run: RunHandle,
    /** Those that the run has told before, to an earlier runner. */
    before: readonly EpochRecord[] = [],
  ) {
    for (const record of before) this.#known.set(record.epoch, record);
  }

  /** `number`: of the event. */
  record({ epoch, step, metrics }: EpochRecord, number?: number): void {
    if (startsOver(epoch, this.#known)) this.#known.clear();
    // What earlier runs, or this one before it began anew, left after this point is trained again.
    if (this.#known.size === 0) this.store.beginAfter(this.run, epoch - 1);
    const whole = { epoch, step, metrics: { ...this.#known.get(epoch)?.metrics, ...metrics } };
    this.store.recordEpoch(this.run, whole, number);
    this.#known.set(epoch, whole);
  }
}
