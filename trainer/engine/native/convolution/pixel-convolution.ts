import type { Tensor, TensorFlow } from '../../ops.js';
import { type Chain, createChains } from '../chains.js';
import { booleanAttribute, float32, gatherAttributes, type Kernels } from '../kernels.js';
import type { Shape4D } from '../placement.js';
import type { ConvolutionMethod } from './direct-convolution.js';

/** Every `stride`-th pixel of every `stride`-th row. A gather takes a sixth of the time of a strided slice. */
function thinned(tf: TensorFlow, kernels: Kernels, x: Tensor, stride: number): Tensor {
  if (stride === 1) return x;
  const [batch, height, width, channels] = x.shape as unknown as Shape4D;
  const [rowCount, columnCount] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const places = Int32Array.from(
    { length: rowCount * columnCount },
    (_, index) => (Math.floor(index / columnCount) * width + (index % columnCount)) * stride,
  );
  const pixels = tf.reshape(x, [batch, height * width, channels]);
  const indices = [tf.tensor1d(places, 'int32'), tf.scalar(1, 'int32')];
  const seen = kernels.run('GatherV2', gatherAttributes, [pixels, ...indices]);
  return tf.reshape(seen, [batch, rowCount, columnCount, channels]);
}

/** The inverse of `thinned`, with zeros where pixels are left out. */
function spread(tf: TensorFlow, x: Tensor, stride: number, shape: Shape4D): Tensor {
  if (stride === 1) return x;
  const [batch, height, width, channels] = shape;
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

/**
 * Convolution by a 1×1 filter without padding: one matrix product over all pixels that a stride leaves.
 *
 * On a CPU it stands in for Conv2D because oneDNN's own 1×1 kernels are not sound (TensorFlow 2.21): forward and input
 * gradient divide by zero from 2¹⁸ weights on few pixels, and the filter gradient with a stride writes out of bounds
 * where the channels are no multiple of 16.
 */
export function createPixelConvolution(tf: TensorFlow, kernels: Kernels): ConvolutionMethod {
  const chains = createChains(tf);
  const transposed = (a: boolean, b: boolean) => [
    float32,
    booleanAttribute('transpose_a', a),
    booleanAttribute('transpose_b', b),
  ];
  /** a [.., I] and b [.., O] as matrices, their product as `shape`. */
  function product([a, b]: [Tensor, Tensor], transpose: [boolean, boolean], shape: readonly number[]) {
    const attributes = transposed(...transpose);
    // Chains know float32 alone.
    if (kernels.precision !== 'float32') {
      const matrices = [a, b].map(x => tf.reshape(x, [-1, x.shape.at(-1)!]));
      return tf.reshape(kernels.run('MatMul', attributes, matrices), [...shape]);
    }
    const matrix = (chain: Chain, id: number, { shape }: Tensor) => chain.reshape(id, [-1, shape.at(-1)!]);
    const [result] = chains([a, b], (chain, [aId, bId]) => {
      const matrices = [matrix(chain, aId!, a), matrix(chain, bId!, b)];
      return [chain.reshape(chain.run('MatMul', matrices, attributes), shape)];
    });
    return result!;
  }

  return {
    forward(x, filter, { stride }) {
      const seen = thinned(tf, kernels, x, stride);
      return product([seen, filter], [false, false], [...seen.shape.slice(0, 3), filter.shape[3]!]);
    },
    inputGradient(dy, filter, inputShape, { stride }) {
      const shape = [...dy.shape.slice(0, 3), inputShape[3]];
      return spread(tf, product([dy, filter], [false, true], shape), stride, inputShape);
    },
    filterGradient(x, dy, filterShape, { stride }) {
      return product([thinned(tf, kernels, x, stride), dy], [true, false], filterShape);
    },
  };
}
