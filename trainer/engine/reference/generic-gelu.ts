import { customGradient } from '../custom-gradient.js';
import type { Ops, Tensor, TensorFlow } from '../ops.js';

/** GELU with a closed-form gradient: (x Φ(x))′ = Φ(x) + x φ(x), φ the normal density. */
export function createGenericGelu(tf: TensorFlow): Ops['gelu'] {
  const distribution = (x: Tensor) => tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
  const gelu = customGradient(tf, (...parts) => {
    const x = parts[0] as Tensor;
    (parts[1] as (saved: Tensor[]) => void)([x]);
    return {
      value: tf.mul(x, distribution(x)),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => {
        const density = tf.mul(tf.exp(tf.mul(tf.square(saved!), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return tf.mul(dy, tf.add(distribution(saved!), tf.mul(saved!, density)));
      },
    };
  });
  return x => gelu(x);
}
