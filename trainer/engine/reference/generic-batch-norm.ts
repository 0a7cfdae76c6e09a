import { customGradient } from '../custom-gradient.js';
import type { Ops, Tensor, TensorFlow } from '../ops.js';
import { reportRunning, valuesPerChannel } from '../running-statistics.js';

/** Batch normalization (Ioffe & Szegedy 2015) with a closed-form gradient, over all axes but the last. */
export function createGenericBatchNorm(tf: TensorFlow): Ops['batchNorm'] {
  const relu = (x: Tensor, fused?: boolean) => (fused ? tf.relu(x) : x);

  const normalize = (epsilon: number, onBatch: (mean: Tensor, variance: Tensor) => void) =>
    customGradient(tf, (...inputs) => {
      const [x, scale, offset] = inputs as Tensor[] as [Tensor, Tensor, Tensor];
      const save = inputs[3] as unknown as (tensors: Tensor[]) => void;
      const axes = x.shape.map((_, axis) => axis).slice(0, -1);
      const count = x.size / x.shape.at(-1)!;
      const mean = tf.mean(x, axes);
      const centred = tf.sub(x, mean);
      const variance = tf.mean(tf.square(centred), axes);
      onBatch(mean, variance);
      const inverse = tf.rsqrt(tf.add(variance, epsilon));
      save([x, scale, mean, inverse]);
      return {
        value: tf.add(tf.mul(centred, tf.mul(inverse, scale)), offset),
        gradFunc: (dy: Tensor, saved: Tensor[]) => {
          const [x, scale, mean, inverse] = saved as [Tensor, Tensor, Tensor, Tensor];
          const normalized = tf.mul(tf.sub(x, mean), inverse);
          const offsetGradient = tf.sum(dy, axes);
          const scaleGradient = tf.sum(tf.mul(dy, normalized), axes);
          const shift = tf.add(offsetGradient, tf.mul(normalized, scaleGradient));
          const xGradient = tf.mul(tf.sub(dy, tf.div(shift, count)), tf.mul(scale, inverse));
          return [xGradient, scaleGradient, offsetGradient];
        },
      };
    });

  return (x, tensors, options) => {
    const { scale, offset, runningMean, runningVariance } = tensors;
    const epsilon = options.epsilon ?? 1e-5;
    if (!options.training) {
      const factor = tf.mul(tf.rsqrt(tf.add(runningVariance, epsilon)), scale);
      return relu(tf.add(tf.mul(tf.sub(x, runningMean), factor), offset), options.relu);
    }
    const count = valuesPerChannel(x);
    const apply = normalize(epsilon, (mean, variance) =>
      reportRunning(tf, { mean, variance, count }, tensors, options),
    );
    return relu(apply(x, scale, offset), options.relu);
  };
}
