import type { DataSpec } from '../../../trainer/contract/run-spec.js';
import { machineOf } from '../../domain/slot.js';
import type { OpenSlot } from '../../slots/backend.js';
import { keyOf } from './section-key.js';

/** Which machines have which data, of those to which they are sent. */
export class DataPlaces {
  /** By machine: those that are there, or on their way, for runs. */
  readonly #sent = new Map<string, Set<string>>();
  readonly #data = new Map<string, DataSpec>();

  /** What the data are called at `at`. */
  keyOf(data: DataSpec): string {
    const key = keyOf(data);
    this.#data.set(key, data);
    return key;
  }

  send(slotId: string, data: DataSpec): void {
    const there = this.#sent.get(machineOf(slotId)) ?? new Set();
    this.#sent.set(machineOf(slotId), there.add(this.keyOf(data)));
  }

  /** Sent now, or kept there since an earlier run. */
  at(slot: OpenSlot): Pick<ReadonlySet<string>, 'has'> {
    const sent = this.#sent.get(machineOf(slot.slotId));
    return { has: key => sent?.has(key) === true || slot.keepsData?.(this.#data.get(key)!) === true };
  }
}
