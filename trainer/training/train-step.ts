/** Training steps: gradients of one or several batches, clipping, update, average. */

import type { Batch } from '../data/batch.js';
import type { Tensor } from '../engine/ops.js';
import { clipByGlobalNorm, clipByValue } from '../optimizers/clip.js';
import type { Rates } from '../schedules/schedule.js';
import type { AveragedWeights } from './averaged-weights.js';
import { GradientSum } from './gradient-sum.js';
import { type LossOptions, type LossParts, stepGradients } from './loss-gradients.js';
import { NanLossError } from './meter.js';

export interface StepParts extends LossParts {
  /** Null: there is none. */
  average: AveragedWeights | null;
}

/** `step`: steps taken before the first batch. */
export interface StepsOptions extends LossOptions {
  /** What is in force in the step after so many. */
  ratesAt(step: number): Rates;
  /** Batches of a step, and images of a batch; the last batch of an epoch may have less. */
  accumulate: number;
  batchSize: number;
  gradientClipNorm: number | null;
  gradientClipValue: number | null;
}

/** Takes a step with every `accumulate` batches: that of one batch with all of their images. */
export class TrainingSteps {
  readonly #gradients: GradientSum;
  /** Of the step that is not yet taken. */
  #batches = 0;
  #images = 0;
  #taken: number;

  constructor(
    private readonly parts: StepParts,
    private readonly options: StepsOptions,
  ) {
    this.#gradients = new GradientSum(parts.engine);
    this.#taken = options.step;
  }

  /** Steps taken so far, those before the first one included. */
  get taken(): number {
    return this.#taken;
  }

  /** What the loss of the next batch depends on. */
  get next(): LossOptions {
    return { ...this.options, step: this.#taken * this.options.accumulate + this.#batches };
  }

  /**
   * Trains on a batch; the step is taken with the last one that belongs to it. Returns [2]: mean loss, number of correct
   * images; it belongs to the caller. Throws a NanLossError where float16 gradients overflow at any scale.
   */
  add(batch: Batch): Tensor {
    const { engine, network } = this.parts;
    const { accumulate } = this.options;
    const share = accumulate === 1 ? 1 : batch.size / this.#fullImages;
    const { values, gradients, running } = stepGradients(this.parts, batch, this.next, share);
    try {
      for (const [name, value] of running) network.buffers.assign(name, value);
      this.#gradients.add(gradients);
      this.#batches += 1;
      this.#images += batch.size;
      if (this.#batches === accumulate) this.#take();
      return values;
    } catch (error) {
      engine.tf.dispose([values, gradients, running]);
      throw error;
    }
  }

  /** Takes the step of the batches that are left, if there are some: its gradients are the mean over their images. */
  finish(): void {
    if (this.#batches > 0) this.#take();
  }

  dispose(): void {
    this.#gradients.clear();
  }

  get #fullImages(): number {
    return this.options.accumulate * this.options.batchSize;
  }

  #take(): void {
    const { engine, optimizer, average } = this.parts;
    const { learningRate, momentum } = this.options.ratesAt(this.#taken);
    engine.tf.tidy(() => {
      const gradients = this.#applied();
      if (gradients !== null) optimizer.step(gradients, learningRate, momentum);
    });
    this.#gradients.clear();
    this.#batches = 0;
    this.#images = 0;
    this.#taken += 1;
    average?.update(this.#taken);
  }

  /** The gradients of the step, clipped, or null if scaled ones have overflowed; new tensors belong to the surrounding `tidy`. */
  #applied(): Record<string, Tensor> | null {
    const { engine, lossScaler } = this.parts;
    const { accumulate, gradientClipValue, gradientClipNorm } = this.options;
    const sums = this.#gradients.read();
    let gradients = lossScaler === null ? sums : lossScaler.unscale(sums);
    if (gradients === null && lossScaler!.isExhausted) throw new NanLossError(this.#taken + 1);
    if (gradients === null) return null;
    if (accumulate > 1 && this.#images !== this.#fullImages) {
      const factor = this.#fullImages / this.#images;
      gradients = Object.fromEntries(
        Object.entries(gradients).map(([name, value]) => [name, engine.tf.mul(value, factor)]),
      );
    }
    if (gradientClipValue !== null) gradients = clipByValue(engine, gradients, gradientClipValue);
    if (gradientClipNorm !== null) gradients = clipByGlobalNorm(engine, gradients, gradientClipNorm);
    return gradients;
  }
}

/** One step of one batch, whatever makes up a step of the run; returns what `TrainingSteps.add` does. */
export function trainStep(
  parts: StepParts,
  batch: Batch,
  { rates, ...options }: Omit<StepsOptions, 'ratesAt'> & { rates: Rates },
): Tensor {
  const steps = new TrainingSteps(parts, { ...options, accumulate: 1, ratesAt: () => rates });
  try {
    return steps.add(batch);
  } finally {
    steps.dispose();
  }
}
