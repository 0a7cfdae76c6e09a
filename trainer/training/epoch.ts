/** One pass over the training images and one over the validation images. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch } from '../data/batch.js';
import { countCorrect, countInTop } from './accuracy.js';
import { topClasses } from './evaluation-sums.js';
import { Meter } from './meter.js';
import { TrainingSteps } from './step.js';
import type { LossParts, StepParts, StepsOptions } from './step-parts.js';
import { targetRows } from './targets.js';

interface EpochResult {
  loss: number;
  accuracy: number;
}

export interface ValidationResult extends EpochResult {
  /** Share of images whose label is among the five largest logits. */
  top5Accuracy: number;
}

export interface TrainResult extends EpochResult {
  steps: number;
  imagesPerSecond: number;
  /** Share of the time in which the step waited for its batch. */
  dataWaitShare: number;
}

/**
 * Trains on every batch, the first one with `options.step` steps taken before it. `onBatch` is called after each of
 * them with the number of steps taken and the newest loss that is known. Throws a NanLossError where the loss stops being a number.
 */
export async function trainEpoch(
  parts: StepParts,
  batches: AsyncIterable<Batch>,
  options: StepsOptions,
  onBatch: (step: number, loss: number | null) => void,
): Promise<TrainResult> {
  const meter = new Meter(parts.engine.tf, options.step + 1, options.accumulate, parts.lossScaler !== null);
  const steps = new TrainingSteps(parts, options);
  const start = performance.now();
  let waited = 0;
  let images = 0;
  try {
    for await (const batch of timed(batches, milliseconds => {
      waited += milliseconds;
    })) {
      await meter.add(steps.add(batch), batch.size);
      images += batch.size;
      onBatch(steps.taken, meter.latestLoss);
      // Requests on stdin and events on stdout get their turn.
      await nextTurn();
    }
    steps.finish();
    const { loss, shares } = await meter.result();
    const elapsed = performance.now() - start;
    return {
      loss,
      accuracy: shares[0]!,
      steps: steps.taken - options.step,
      imagesPerSecond: (1000 * images) / elapsed,
      dataWaitShare: waited / elapsed,
    };
  } finally {
    meter.dispose();
    steps.dispose();
  }
}

/** Cross-entropy (without label smoothing, so that cells compare) and accuracies with the running statistics. */
export async function validate(
  { engine, network, uploader }: LossParts,
  batches: AsyncIterable<Batch>,
  classes: number,
): Promise<ValidationResult> {
  const { tf, ops } = engine;
  const meter = new Meter(tf, null);
  try {
    for await (const batch of batches) {
      const values = tf.tidy(() => {
        const logits = network.evaluate(uploader.images(batch));
        const targets = tf.tensor2d(targetRows(batch.labels, classes, 0, null), [batch.size, classes]);
        const loss = tf.mean(ops.softmaxCrossEntropy(logits, targets));
        const inTop = countInTop(tf, logits, targets, topClasses);
        return tf.stack([loss, countCorrect(tf, logits, batch.labels), inTop]);
      });
      await meter.add(values, batch.size);
      await nextTurn();
    }
    const { loss, shares } = await meter.result();
    return { loss, accuracy: shares[0]!, top5Accuracy: shares[1]! };
  } finally {
    meter.dispose();
  }
}

/** The same items; `onWait` gets the milliseconds for which each was waited. */
async function* timed<T>(items: AsyncIterable<T>, onWait: (milliseconds: number) => void): AsyncGenerator<T> {
  let asked = performance.now();
  for await (const item of items) {
    onWait(performance.now() - asked);
    yield item;
    asked = performance.now();
  }
}
