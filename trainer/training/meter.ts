/** Loss and accuracy over many batches, without waiting for the device at each of them. */
import type { Tensor, TensorFlow } from '../backend/ops.js';

/** Batches between two read-backs. */
const window = 32;

/** The loss of a step was NaN or infinite. */
export class NanLossError extends Error {
  constructor(readonly step: number) {
    super(`the training loss is not a finite number since step ${step}; try a smaller learning rate`);
    this.name = 'NanLossError';
  }
}

interface Entry {
  /** [2]: mean loss of the batch, number of correct images. */
  values: Tensor;
  size: number;
}

/**
 * Sums up in the order of the batches and in double precision. A window of batches is read back only when the next
 * one is full, so that the device never runs dry.
 */
export class Meter {
  #recent: Entry[] = [];
  #full: Entry[] = [];
  #batches = 0;
  #images = 0;
  #lossSum = 0;
  #correct = 0;
  /** Mean loss of the newest batch that was read back. */
  latestLoss: number | null = null;

  /** `firstStep`: number of the first batch's step, for `NanLossError`; null: losses are not checked. */
  constructor(
    private readonly tf: TensorFlow,
    private readonly firstStep: number | null,
    private readonly batchesPerStep = 1,
  ) {}

  /** Takes over `values` [2]: mean loss of the batch and number of correct images. */
  async add(values: Tensor, size: number): Promise<void> {
    this.#recent.push({ values, size });
    if (this.#recent.length < window) return;
    const readable = this.#full;
    this.#full = this.#recent;
    this.#recent = [];
    await this.#read(readable);
  }

  /** Means over all images so far. Reads back what is left. */
  async result(): Promise<{ loss: number; accuracy: number }> {
    const rest = [...this.#full, ...this.#recent];
    this.#full = [];
    this.#recent = [];
    await this.#read(rest);
    return { loss: this.#lossSum / this.#images, accuracy: this.#correct / this.#images };
  }

  dispose(): void {
    for (const { values } of [...this.#full, ...this.#recent]) values.dispose();
    this.#full = [];
    this.#recent = [];
  }

  async #read(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    const tensors = entries.map(entry => entry.values);
    const stacked = this.tf.stack(tensors);
    this.tf.dispose(tensors);
    const values = await stacked.data();
    stacked.dispose();
    entries.forEach(({ size }, index) => {
      const loss = values[2 * index]!;
      if (this.firstStep !== null && !Number.isFinite(loss))
        throw new NanLossError(this.firstStep + Math.floor(this.#batches / this.batchesPerStep));
      this.latestLoss = loss;
      this.#lossSum += loss * size;
      this.#correct += values[2 * index + 1]!;
      this.#images += size;
      this.#batches += 1;
    });
  }
}
