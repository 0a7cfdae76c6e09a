import type { Tensor, TensorFlow } from '../../ops.js';
import { booleanAttribute, float32, gatherAttributes, integerAttribute, type Kernels } from '../kernels.js';
import type { Shape4D } from '../placement.js';
import type { ConvolutionMethod } from './direct-convolution.js';
import { type Extent, outputExtent, type Tap, tapsOf } from './taps.js';

const extentOf = (shape: Shape4D): Extent => [shape[1], shape[2]];
const kernelExtent = (filterShape: Shape4D): Extent => [filterShape[0], filterShape[1]];

/**
 * Convolution tap by tap: one matrix product per tap over the pixels that it sees. What a dense convolution spends on
 * padding is left out: of a 3×3 kernel on 2×2 pixels that is 20 of 36 products, on 1×1 it is 8 of 9.
 */
export function createTapConvolution(tf: TensorFlow, kernels: Kernels): ConvolutionMethod {
  const product = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean) =>
    kernels.run(
      'MatMul',
      [float32, booleanAttribute('transpose_a', transposeA), booleanAttribute('transpose_b', transposeB)],
      [a, b],
    );
  /** Takes axis 0 apart without copying. */
  const unstack = (x: Tensor) => {
    const count = x.shape[0]!;
    return kernels.runMany(
      'Unpack',
      [float32, integerAttribute('num', count), integerAttribute('axis', 0)],
      [x],
      count,
    );
  };
  /** Cuts a matrix into `count` equal blocks of rows, without copying. */
  const blocks = (x: Tensor, count: number) =>
    kernels.runMany(
      'Split',
      [float32, integerAttribute('num_split', count)],
      [tf.scalar(0, 'int32'), x],
      count,
    );
  const stack = (parts: readonly Tensor[]) =>
    kernels.run('Pack', [float32, integerAttribute('N', parts.length), integerAttribute('axis', 0)], parts);
  const addAll = (parts: readonly Tensor[]) =>
    parts.length === 1
      ? parts[0]!
      : kernels.run('AddN', [float32, integerAttribute('N', parts.length)], parts);

  /** [N,H,W,C] → [H·W, N·C]: a pixel of all images is one row. */
  const pixelRows = (x: Tensor) => {
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    const pixels = tf.transpose(tf.reshape(x, [batch, height * width, channels]), [1, 0, 2]);
    return tf.reshape(pixels, [height * width, batch * channels]);
  };
  /** The inverse: [H·W,N,C] → [N,H,W,C]. */
  const imagesOf = (pixels: Tensor, shape: Shape4D) =>
    tf.reshape(tf.transpose(pixels, [1, 0, 2]), [...shape]);

  /** The pixels at these positions as a matrix [positions·N, C]; without copying where they follow each other. */
  const picker = (x: Tensor) => {
    const [batch, , , channels] = x.shape as unknown as Shape4D;
    const rows = pixelRows(x);
    const matrix = tf.reshape(rows, [-1, channels]);
    return (positions: readonly number[]) => {
      const [first] = positions as [number];
      if (positions.at(-1)! - first === positions.length - 1)
        return tf.slice(matrix, [first * batch, 0], [positions.length * batch, channels]);
      const indices = [tf.tensor1d([...positions], 'int32'), tf.scalar(0, 'int32')];
      return tf.reshape(kernels.run('GatherV2', gatherAttributes, [rows, ...indices]), [-1, channels]);
    };
  };

  /** Adds up what the taps give to each position: parts [positions·N, C] → images of `shape`. */
  function collect(parts: { positions: readonly number[]; values: Tensor }[], shape: Shape4D): Tensor {
    const [batch, height, width, channels] = shape;
    const terms: Tensor[][] = Array.from({ length: height * width }, () => []);
    for (const { positions, values } of parts) {
      const pixels = blocks(values, positions.length);
      for (const [index, position] of positions.entries()) terms[position]!.push(pixels[index]!);
    }
    const sums = terms.map(term => (term.length > 0 ? addAll(term) : tf.zeros([batch, channels])));
    return imagesOf(stack(sums), shape);
  }

  /** The filter's matrices [I, O], one a tap. */
  const matrices = (filter: Tensor) => {
    const [height, width, inputs, outputs] = filter.shape as [number, number, number, number];
    return unstack(tf.reshape(filter, [height * width, inputs, outputs]));
  };
  const seeing = (taps: Tap[]) => taps.filter(tap => tap.outputs.length > 0);

  return {
    forward(x, filter, options) {
      const input = x.shape as unknown as Shape4D;
      const weights = filter.shape as unknown as Shape4D;
      const taps = seeing(tapsOf(extentOf(input), kernelExtent(weights), options));
      const pick = picker(x);
      const weight = matrices(filter);
      const parts = taps.map(({ index, inputs, outputs }) => ({
        positions: outputs,
        values: product(pick(inputs), weight[index]!, false, false),
      }));
      const [height, width] = outputExtent(extentOf(input), kernelExtent(weights), options);
      return collect(parts, [input[0], height, width, weights[3]]);
    },
    inputGradient(dy, filter, inputShape, options) {
      const weights = filter.shape as unknown as Shape4D;
      const pick = picker(dy);
      const weight = matrices(filter);
      const parts = seeing(tapsOf(extentOf(inputShape), kernelExtent(weights), options)).map(
        ({ index, inputs, outputs }) => ({
          positions: inputs,
          values: product(pick(outputs), weight[index]!, false, true),
        }),
      );
      return collect(parts, inputShape);
    },
    filterGradient(x, dy, filterShape, options) {
      const [, , inputChannels, outputChannels] = filterShape;
      const pixels = picker(x);
      const gradients = picker(dy);
      const taps = tapsOf(extentOf(x.shape as unknown as Shape4D), kernelExtent(filterShape), options);
      const parts = taps.map(({ inputs, outputs }) =>
        inputs.length === 0
          ? tf.zeros([inputChannels, outputChannels])
          : product(pixels(inputs), gradients(outputs), true, false),
      );
      return tf.reshape(stack(parts), [...filterShape]);
    },
  };
}
