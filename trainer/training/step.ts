/** The training step from top to bottom: forward, loss, backward, clip, update, average. */
import type { Batch } from '../data/batch.js';
import type { Tensor } from '../engine/ops.js';
import { valueAndGradients } from '../engine/value-and-gradients.js';
import { clipByGlobalNorm, clipByValue } from '../optimizers/clip.js';
import { countCorrect } from './accuracy.js';
import { GradientSum } from './gradient-sum.js';
import type { LossOptions, LossParts, StepParts, StepsOptions } from './step-parts.js';
import { dominatingLabels, targetRows } from './targets.js';

/** The mean loss of a batch as a function of the trained weights; its aux are the number of correct images and the new running statistics. */
function lossOf({ engine, network, uploader }: LossParts, batch: Batch, options: LossOptions) {
  const { tf, ops } = engine;
  const { seed, batchNumber: step, classes, labelSmoothing } = options;
  const { labels, mix, size } = batch;
  const images = uploader.images(batch);
  const targets = tf.tensor2d(targetRows(labels, classes, labelSmoothing, mix), [size, classes]);
  const current = network.tensors();
  return (weights: Record<string, Tensor>) => {
    const { logits, running } = network.train(images, { tensors: { ...current, ...weights }, seed, step });
    const correct = countCorrect(tf, logits, dominatingLabels(labels, mix));
    const loss = tf.mean(ops.softmaxCrossEntropy(logits, targets));
    return { loss, aux: { correct, running } };
  };
}

/**
 * Forward and backward. The gradients, of trained weights alone, are those of the mean loss × `share`, times the loss scale if
 * there is one; with SAM those where the loss is highest nearby, by the same dropout masks. `values` [2], the mean loss and the number of correct images, and
 * the running statistics are always those of the weights as they are. All of it belongs to the caller.
 */
export function forwardBackward(parts: StepParts, batch: Batch, options: LossOptions, share = 1) {
  const { engine, network, optimizer, lossScaler, onGradients } = parts;
  const { tf } = engine;
  return tf.tidy(() => {
    const loss = lossOf(parts, batch, options);
    const weights = network.trainedTensors();
    const scale = lossScaler?.state.scale ?? 1;
    const { ascend } = optimizer;
    const here = valueAndGradients(tf, loss, weights, ascend ? scale : share * scale);
    const { correct, running } = here.aux;
    try {
      let { gradients } = here;
      if (ascend !== undefined) {
        const there = valueAndGradients(tf, loss, ascend(weights, gradients), share * scale);
        tf.dispose(there.aux);
        gradients = there.gradients;
      }
      onGradients?.();
      return { values: tf.stack([here.value, correct]), running, gradients };
    } catch (error) {
      tf.dispose(running);
      throw error;
    } finally {
      correct.dispose();
    }
  });
}

/** Takes a step with every `accumulate` batches: that of one batch with all of their images. */
export class TrainingSteps {
  readonly #sum: GradientSum;
  /** Steps taken so far, those before the first batch included. */
  taken: number;

  constructor(
    private readonly parts: StepParts,
    private readonly options: StepsOptions,
  ) {
    this.#sum = new GradientSum(parts.engine, options);
    this.taken = options.step;
  }

  /** What the loss of the next batch depends on. */
  get next(): LossOptions {
    return { ...this.options, batchNumber: this.taken * this.options.accumulate + this.#sum.batches };
  }

  /**
   * Trains on a batch; the step is taken with the last one that belongs to it. Returns [2]: mean loss, number of correct
   * images; it belongs to the caller. Throws a NanLossError where float16 gradients overflow at any scale.
   */
  add(batch: Batch): Tensor {
    const { engine, network } = this.parts;
    const made = forwardBackward(this.parts, batch, this.next, this.#sum.shareOf(batch));
    try {
      for (const [name, value] of Object.entries(made.running)) network.buffers.assign(name, value);
      this.#sum.add(made.gradients, batch.size);
      if (this.#sum.isFull) this.finish();
      return made.values;
    } catch (error) {
      engine.tf.dispose(made);
      throw error;
    }
  }

  /** Takes the step of the batches so far, if there are some: clip, update, average. */
  finish(): void {
    if (this.#sum.batches === 0) return;
    const { engine, optimizer, lossScaler, average } = this.parts;
    const { gradientClipValue, gradientClipNorm, ratesAt } = this.options;
    const { learningRate, momentum } = ratesAt(this.taken);
    engine.tf.tidy(() => {
      const sum = this.#sum.read();
      const unscaled = lossScaler === null ? sum : lossScaler.unscale(sum, this.taken + 1);
      if (unscaled === null) return; // Overflowed: no step.
      let gradients = this.#sum.mean(unscaled);
      if (gradientClipValue !== null) gradients = clipByValue(engine, gradients, gradientClipValue);
      if (gradientClipNorm !== null) gradients = clipByGlobalNorm(engine, gradients, gradientClipNorm);
      optimizer.step(gradients, learningRate, momentum);
    });
    this.#sum.clear();
    this.taken += 1;
    average?.update(this.taken);
  }

  dispose(): void {
    this.#sum.clear();
  }
}
