import type { BatchNormOptions, BatchNormTensors, Tensor, TensorFlow } from './ops.js';

/**
 * Hands `onRunning` PyTorch's new running statistics, made of a batch's mean and biased variance over
 * `count` values a channel.
 */
export function reportRunning(
  tf: TensorFlow,
  batch: { mean: Tensor; variance: Tensor; count: number },
  running: Pick<BatchNormTensors, 'runningMean' | 'runningVariance'>,
  options: BatchNormOptions,
): void {
  if (!options.onRunning) return;
  const momentum = options.momentum ?? 0.1;
  const blend = (old: Tensor, value: Tensor, factor: number) =>
    tf.keep(tf.tidy(() => tf.add(tf.mul(old, 1 - momentum), tf.mul(value, factor))));
  options.onRunning(
    blend(running.runningMean, batch.mean, momentum),
    blend(running.runningVariance, batch.variance, (momentum * batch.count) / (batch.count - 1)),
  );
}

/** Values a channel of a batch; throws, as PyTorch does, where they have no variance. */
export function valuesPerChannel(x: Tensor): number {
  const count = x.size / x.shape.at(-1)!;
  if (count < 2)
    throw new Error(
      `batch normalization in training needs more than one value a channel, got shape [${x.shape}]`,
    );
  return count;
}
