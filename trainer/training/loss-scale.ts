/**
 * Dynamic loss scaling as in `torch.amp.GradScaler` (Micikevicius et al. 2018, "Mixed precision training"): float16
 * gradients are computed of a scaled loss, so that small ones don't vanish; a step whose gradients overflow is skipped.
 */

import type { LossScale } from '../checkpoints/checkpoint-state.js';
import type { Tensor, TensorFlow } from '../engine/ops.js';
import { NanLossError } from './meter.js';

/** GradScaler's defaults. */
const growthFactor = 2;
const backoffFactor = 0.5;
const growthInterval = 2000;
/** GradScaler's scale goes on to 0; what overflows at this one, 30 halvings below the first, does so by itself. */
const smallestScale = 2 ** -14;

export const initialLossScale: LossScale = { scale: 2 ** 16, growthTracker: 0, skippedSteps: 0 };

/** The scale after a step. It grows as long as float32 can hold it. */
export function nextLossScale(
  { scale, growthTracker, skippedSteps }: LossScale,
  overflow: boolean,
): LossScale {
  if (overflow) return { scale: scale * backoffFactor, growthTracker: 0, skippedSteps: skippedSteps + 1 };
  if (growthTracker + 1 < growthInterval) return { scale, growthTracker: growthTracker + 1, skippedSteps };
  const grown = Math.fround(scale * growthFactor);
  return { scale: Number.isFinite(grown) ? grown : scale, growthTracker: 0, skippedSteps };
}

/** What to tell of the steps that were skipped in between; undefined if none was. */
export function overflowReport(before: LossScale = initialLossScale, after: LossScale): string | undefined {
  const count = after.skippedSteps - before.skippedSteps;
  if (count === 0) return undefined;
  const steps = count === 1 ? 'one step was' : `${count} steps were`;
  return `${steps} skipped, since the float16 gradients overflowed; the loss scale went from ${before.scale} to ${after.scale}`;
}

/** Keeps the scale of a run. */
export class LossScaler {
  constructor(
    private readonly tf: TensorFlow,
    public state: LossScale,
  ) {}

  /**
   * Gradients of the loss from those of the scaled loss, which stay the caller's; null (and no step) if they overflowed. Throws a
   * NanLossError for the step with this number if they do so whatever the scale: there won't be another one that doesn't.
   */
  unscale(gradients: Record<string, Tensor>, step: number): Record<string, Tensor> | null {
    const { tf } = this;
    const unscaled = tf.tidy(() => {
      const factor = tf.scalar(1 / this.state.scale);
      return Object.fromEntries(
        Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)]),
      );
    });
    const overflow = this.#overflows(unscaled);
    this.state = nextLossScale(this.state, overflow);
    if (!overflow) return unscaled;
    tf.dispose(unscaled);
    if (this.state.scale < smallestScale) throw new NanLossError(step);
    return null;
  }

  /** Whether any value is infinite or no number: 0 times such a one isn't 0. */
  #overflows(gradients: Record<string, Tensor>): boolean {
    const { tf } = this;
    const sum = tf.tidy(() => tf.addN(Object.values(gradients).map(gradient => tf.sum(tf.mul(gradient, 0)))));
    const [value] = sum.dataSync();
    sum.dispose();
    return value !== 0;
  }
}
