import type { Tensor, TensorFlow } from '../ops.js';
import type { ConvolutionMethod } from './direct-convolution.js';
import { booleanAttribute, float32, type Kernels } from './kernels.js';
import type { Shape4D } from './placement.js';

/**
 * Convolution by a 1×1 filter without padding: one matrix product over all pixels that a stride leaves.
 *
 * On a CPU it stands in for Conv2D because oneDNN's own 1×1 kernels are not sound (TensorFlow 2.21): forward and input
 * gradient divide by zero from 2¹⁸ weights on few pixels, and the filter gradient with a stride writes out of bounds
 * where the channels are no multiple of 16.
 */
export function createPixelConvolution(tf: TensorFlow, kernels: Kernels): ConvolutionMethod {
  const product = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean) =>
    kernels.run(
      'MatMul',
      [float32, booleanAttribute('transpose_a', transposeA), booleanAttribute('transpose_b', transposeB)],
      [a, b],
    );
  /** [.., C] → [pixels, C]. */
  const rows = (x: Tensor) => tf.reshape(x, [-1, x.shape.at(-1)!]);
  /** [1,1,I,O] → [I,O]. */
  const matrix = (filter: Tensor) => tf.reshape(filter, filter.shape.slice(2));
  /** Every `stride`-th pixel of every `stride`-th row. */
  const thinned = (x: Tensor, stride: number) =>
    stride === 1 ? x : tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, stride, stride, 1]);

  /** The inverse of `thinned`, with zeros where pixels are left out. */
  function spread(x: Tensor, stride: number, [batch, height, width, channels]: Shape4D): Tensor {
    if (stride === 1) return x;
    const [, rowCount, columnCount] = x.shape as unknown as Shape4D;
    const cells = tf.pad(tf.reshape(x, [batch, rowCount, 1, columnCount, channels]), [
      [0, 0],
      [0, 0],
      [0, stride - 1],
      [0, 0],
      [0, 0],
    ]);
    const columns = tf.pad(tf.reshape(cells, [batch, rowCount * stride, columnCount, 1, channels]), [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, stride - 1],
      [0, 0],
    ]);
    const whole = tf.reshape(columns, [batch, rowCount * stride, columnCount * stride, channels]);
    return tf.slice(whole, [0, 0, 0, 0], [batch, height, width, channels]);
  }

  return {
    forward(x, filter, { stride }) {
      const seen = thinned(x, stride);
      const output = product(rows(seen), matrix(filter), false, false);
      return tf.reshape(output, [...seen.shape.slice(0, 3), filter.shape[3]!]);
    },
    inputGradient(dy, filter, inputShape, { stride }) {
      const gradient = product(rows(dy), matrix(filter), false, true);
      return spread(tf.reshape(gradient, [...dy.shape.slice(0, 3), inputShape[3]]), stride, inputShape);
    },
    filterGradient(x, dy, filterShape, { stride }) {
      return tf.reshape(product(rows(thinned(x, stride)), rows(dy), true, false), [...filterShape]);
    },
  };
}
