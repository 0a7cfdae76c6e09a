import type { Convolution, Tensor, TensorFlow } from '../../ops.js';
import type { Shape4D } from '../placement.js';
import type { ConvolutionMethod } from './direct-convolution.js';

/** Pixels that the patches cover: what is left at the end of an axis is not seen. */
const covered = (size: number, stride: number) => Math.floor(size / stride) * stride;

/**
 * Convolution whose windows lie side by side (stride = kernel, no padding): as one by 1×1 on images whose pixels are the
 * patches, by `pixels`.
 */
export function createPatchConvolution(tf: TensorFlow, pixels: ConvolutionMethod): ConvolutionMethod {
  const single: Convolution = { stride: 1, padding: 0 };

  /** [N,H,W,C] → [N, H/size, W/size, size²·C]. */
  function patchesOf(x: Tensor, size: number): Tensor {
    const [batch, height, width, channels] = x.shape as unknown as Shape4D;
    const [rows, columns] = [Math.floor(height / size), Math.floor(width / size)];
    const seen = tf.slice(x, [0, 0, 0, 0], [batch, rows * size, columns * size, channels]);
    const cells = tf.reshape(seen, [batch * rows, size, columns, size * channels]);
    return tf.reshape(tf.transpose(cells, [0, 2, 1, 3]), [batch, rows, columns, size * size * channels]);
  }

  /** The inverse, with zeros where no patch was. */
  function imagesOf(patches: Tensor, size: number, [batch, height, width, channels]: Shape4D): Tensor {
    const [, rows, columns] = patches.shape as unknown as Shape4D;
    const cells = tf.reshape(patches, [batch * rows, columns, size, size * channels]);
    const seen = [batch, rows * size, columns * size, channels];
    const rest = (length: number): [number, number] => [0, length - covered(length, size)];
    return tf.pad(tf.reshape(tf.transpose(cells, [0, 2, 1, 3]), seen), [
      [0, 0],
      rest(height),
      rest(width),
      [0, 0],
    ]);
  }

  const matrix = (filter: Tensor) => tf.reshape(filter, [1, 1, -1, filter.shape[3]!]);

  return {
    forward: (x, filter, { stride }) => pixels.forward(patchesOf(x, stride), matrix(filter), single),
    inputGradient(dy, filter, inputShape, { stride }) {
      const shape = [...dy.shape.slice(0, 3), stride * stride * inputShape[3]] as unknown as Shape4D;
      return imagesOf(pixels.inputGradient(dy, matrix(filter), shape, single), stride, inputShape);
    },
    filterGradient: (x, dy, filterShape, { stride }) =>
      pixels.filterGradient(patchesOf(x, stride), dy, filterShape, single),
  };
}
