/** Loss and shares of images (accuracies) over many batches, without waiting for the device at each of them. */
import type { Tensor, TensorFlow } from '../engine/ops.js';

/** Batches between two read-backs. */
const window = 32;

/** The loss of a step was NaN or infinite. */
export class NanLossError extends Error {
  /** `origin`: the first layer with a NaN or infinity, and in which step, where that is known. */
  constructor(
    readonly step: number,
    origin?: string,
  ) {
    const where = origin === undefined ? '' : ` (not finite first: ${origin})`;
    super(`the training loss is not a finite number since step ${step}${where}; try a smaller learning rate`);
    this.name = 'NanLossError';
  }
}

interface Entry {
  /** [1 + K]: mean loss of the batch, numbers of images. */
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
  #lossImages = 0;
  #counts: number[] = [];
  /** Mean loss of the newest batch that was read back. */
  latestLoss: number | null = null;

  /**
   * `firstStep`: number of the first batch's step, for `NanLossError`; null: losses are not checked. `overflows`: a loss that
   * is not finite had no step, and has no part in the mean.
   */
  constructor(
    private readonly tf: TensorFlow,
    private readonly firstStep: number | null,
    private readonly batchesPerStep = 1,
    private readonly overflows = false,
  ) {}

  /** Takes over `values` [1 + K]: mean loss of the batch and K numbers of images, such as that of the correct ones. */
  async add(values: Tensor, size: number): Promise<void> {
    this.#recent.push({ values, size });
    if (this.#recent.length < window) return;
    const readable = this.#full;
    this.#full = this.#recent;
    this.#recent = [];
    await this.#read(readable);
  }

  /** Mean loss over all images so far (NaN: none had a loss) and the K shares of them. Reads back what is left. */
  async result(): Promise<{ loss: number; shares: number[] }> {
    const rest = [...this.#full, ...this.#recent];
    this.#full = [];
    this.#recent = [];
    await this.#read(rest);
    return {
      loss: this.#lossSum / this.#lossImages,
      shares: this.#counts.map(count => count / this.#images),
    };
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
    const width = values.length / entries.length;
    entries.forEach(({ size }, index) => {
      const loss = values[index * width]!;
      const skipped = this.overflows && !Number.isFinite(loss);
      if (this.firstStep !== null && !skipped && !Number.isFinite(loss))
        throw new NanLossError(this.firstStep + Math.floor(this.#batches / this.batchesPerStep));
      if (!skipped) {
        this.latestLoss = loss;
        this.#lossSum += loss * size;
        this.#lossImages += size;
      }
      for (let k = 1; k < width; k++)
        this.#counts[k - 1] = (this.#counts[k - 1] ?? 0) + values[index * width + k]!;
      this.#images += size;
      this.#batches += 1;
    });
  }
}
