import { customGradient } from '../custom-gradient.js';
import type { Ops, Tensor, TensorFlow } from '../ops.js';

/** The activations, with closed-form gradients where TensorFlow.js has no kernel for one. */
export function createGenericActivations(
  tf: TensorFlow,
): Pick<Ops, 'relu' | 'silu' | 'hardSwish' | 'hardSigmoid'> {
  /** max(0, min(x + 3, 6)) */
  const gate = (x: Tensor) => tf.clipByValue(tf.add(x, 3), 0, 6);
  /** 1 where the gate has a slope. */
  const open = (x: Tensor) => tf.cast(tf.less(tf.abs(x), 3), 'float32');

  const withSlope = (value: (x: Tensor) => Tensor, slope: (x: Tensor) => Tensor) =>
    customGradient(tf, (x, save) => {
      (save as (saved: Tensor[]) => void)([x as Tensor]);
      return {
        value: value(x as Tensor),
        gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(dy, slope(saved[0]!)),
      };
    });

  const silu = withSlope(
    x => tf.mul(x, tf.sigmoid(x)),
    x => {
      const sigmoid = tf.sigmoid(x);
      return tf.mul(sigmoid, tf.add(1, tf.mul(x, tf.sub(1, sigmoid))));
    },
  );
  const hardSwish = withSlope(
    x => tf.div(tf.mul(x, gate(x)), 6),
    x => tf.div(tf.add(gate(x), tf.mul(x, open(x))), 6),
  );
  const hardSigmoid = withSlope(
    x => tf.div(gate(x), 6),
    x => tf.div(open(x), 6),
  );

  return {
    relu: x => tf.relu(x),
    silu: x => silu(x),
    hardSwish: x => hardSwish(x),
    hardSigmoid: x => hardSigmoid(x),
  };
}
