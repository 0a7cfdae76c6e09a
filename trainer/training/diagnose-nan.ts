/**
 * Where a NaN comes from. By the time it is seen, the weights have long been overwritten with it; but training is
 * deterministic, so the steps before it are taken again from the last checkpoint, and only then is it looked for. Until
 * there is a NaN this costs nothing.
 */
import type { Batch } from '../data/batch.js';
import { NanLossError } from './meter.js';
import { nonFiniteGradient, nonFiniteOutput } from './non-finite.js';
import { forwardBackward, TrainingSteps } from './step.js';
import type { LossOptions, StepParts, StepsOptions } from './step-parts.js';

/** More steps are not taken again: an epoch of a large data set may take an hour. */
const mostSteps = 1000;

/**
 * The error with the layer named, or as it is where the NaN doesn't come again or would take too many steps.
 *
 * @param parts as they were before `batches` and `options.step`, the first ones of the epoch; they are trained on
 */
export async function diagnoseNan(
  error: NanLossError,
  parts: StepParts,
  batches: AsyncIterable<Batch>,
  options: StepsOptions,
): Promise<NanLossError> {
  if (error.step - options.step > mostSteps) return error;
  const steps = new TrainingSteps(parts, options);
  try {
    for await (const batch of batches) {
      // As in the error, the first step has number 1.
      const step = steps.taken + 1;
      if (step > error.step) break;
      const origin = originIn(parts, batch, steps.next, error.step - step);
      if (origin !== undefined) return new NanLossError(error.step, `${origin} in step ${step}`);
      steps.add(batch).dispose();
    }
    return error;
  } finally {
    steps.dispose();
  }
}

/** What of a batch so many steps before the NaN loss is not finite first: of the last step the outputs, of the one before the gradients. */
function originIn(
  parts: StepParts,
  batch: Batch,
  options: LossOptions,
  stepsBefore: number,
): string | undefined {
  if (stepsBefore === 0) return nonFiniteOutput(parts, batch, options);
  if (stepsBefore > 1) return undefined;
  const made = forwardBackward(parts, batch, options);
  const origin = nonFiniteGradient(made.gradients);
  parts.engine.tf.dispose(made);
  return origin;
}
