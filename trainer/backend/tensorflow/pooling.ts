import type { Ops, Tensor, TensorFlow } from '../ops.js';
import { float32, integerAttribute, type Kernels, stringAttribute } from './kernels.js';

/** Max pooling whose border counts as -inf; the gradient goes to the first maximum of a window. */
export function createMaxPool(tf: TensorFlow, kernels: Kernels): Ops['maxPool'] {
  return (input, { size, stride, padding }) => {
    const attributes = [
      float32,
      integerAttribute('ksize', [1, size, size, 1]),
      integerAttribute('strides', [1, stride, stride, 1]),
      stringAttribute('padding', padding > 0 ? 'EXPLICIT' : 'VALID'),
      integerAttribute(
        'explicit_paddings',
        padding > 0 ? [0, 0, padding, padding, padding, padding, 0, 0] : [],
      ),
    ];
    const pool = tf.customGrad((...parts) => {
      const x = parts[0] as Tensor;
      const y = kernels.run('MaxPool', attributes, [x]);
      (parts[1] as (saved: Tensor[]) => void)([x, y]);
      return {
        value: y,
        gradFunc: (dy: Tensor, saved: Tensor[]) =>
          kernels.run('MaxPoolGrad', attributes, [saved[0]!, saved[1]!, dy]),
      };
    });
    return pool(input);
  };
}
