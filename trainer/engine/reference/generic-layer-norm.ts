import { customGradient } from '../custom-gradient.js';
import type { Ops, Tensor, TensorFlow } from '../ops.js';

/** Layer normalization with a closed-form gradient. */
export function createGenericLayerNorm(tf: TensorFlow): Ops['layerNorm'] {
  const normalize = (epsilon: number) =>
    customGradient(tf, (...parts) => {
      const [x, scale, offset] = parts as Tensor[] as [Tensor, Tensor, Tensor];
      const centred = tf.sub(x, tf.mean(x, -1, true));
      const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
      const normalized = tf.mul(centred, inverse);
      (parts[3] as unknown as (saved: Tensor[]) => void)([normalized, inverse, scale]);
      return {
        value: tf.add(tf.mul(normalized, scale), offset),
        gradFunc: (dy: Tensor, saved: Tensor[]) => {
          const [normalized, inverse, scale] = saved as [Tensor, Tensor, Tensor];
          const rows = dy.shape.map((_, axis) => axis).slice(0, -1);
          const inner = tf.mul(dy, scale);
          const level = tf.mean(inner, -1, true);
          const slope = tf.mean(tf.mul(inner, normalized), -1, true);
          const centred = tf.sub(tf.sub(inner, level), tf.mul(normalized, slope));
          return [tf.mul(centred, inverse), tf.sum(tf.mul(dy, normalized), rows), tf.sum(dy, rows)];
        },
      };
    });
  return (x, scale, offset, epsilon) => normalize(epsilon)(x, scale, offset);
}
