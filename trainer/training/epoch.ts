/** One pass over the training images and one over the validation images. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch } from '../data/batch.js';
import type { Rates } from '../schedulers/schedule.js';
import { countCorrect } from './accuracy.js';
import { Meter } from './meter.js';
import { targetRows } from './targets.js';
import { type StepOptions, type StepParts, trainStep } from './train-step.js';

export interface EpochResult {
  loss: number;
  accuracy: number;
}

/** `ratesAt` gives what is in force in the step after so many. */
export type EpochOptions = Omit<StepOptions, 'rates'> & { ratesAt(step: number): Rates };

export interface TrainResult extends EpochResult {
  steps: number;
  imagesPerSecond: number;
  /** Share of the time in which the step waited for its batch. */
  dataWaitShare: number;
}

/**
 * Trains on every batch, the first one with `options.step` steps taken before it. `onStep` is called after each step
 * with its 1-based number and the newest loss that is known. Throws a NanLossError where the loss stops being a number.
 */
export async function trainEpoch(
  parts: StepParts,
  batches: AsyncIterable<Batch>,
  options: EpochOptions,
  onStep: (step: number, loss: number | null) => void,
): Promise<TrainResult> {
  const meter = new Meter(parts.engine.tf, options.step + 1);
  const start = performance.now();
  let waited = 0;
  let images = 0;
  let { step } = options;
  try {
    for await (const batch of timed(batches, milliseconds => {
      waited += milliseconds;
    })) {
      await meter.add(
        trainStep(parts, batch, { ...options, step, rates: options.ratesAt(step) }),
        batch.size,
      );
      step += 1;
      images += batch.size;
      onStep(step, meter.latestLoss);
      // Requests on stdin and events on stdout get their turn.
      await nextTurn();
    }
    const result = await meter.result();
    const elapsed = performance.now() - start;
    return {
      ...result,
      steps: step - options.step,
      imagesPerSecond: (1000 * images) / elapsed,
      dataWaitShare: waited / elapsed,
    };
  } finally {
    meter.dispose();
  }
}

/** Cross-entropy (without label smoothing, so that cells compare) and accuracy with the running statistics. */
export async function validate(
  { engine, network, uploader }: StepParts,
  batches: AsyncIterable<Batch>,
  classes: number,
): Promise<EpochResult> {
  const { tf, ops } = engine;
  const meter = new Meter(tf, null);
  try {
    for await (const batch of batches) {
      const values = tf.tidy(() => {
        const logits = network.evaluate(uploader.images(batch));
        const targets = tf.tensor2d(targetRows(batch.labels, classes, 0, null), [batch.size, classes]);
        const loss = tf.mean(ops.softmaxCrossEntropy(logits, targets));
        return tf.stack([loss, countCorrect(tf, logits, batch.labels)]);
      });
      await meter.add(values, batch.size);
      await nextTurn();
    }
    return await meter.result();
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
