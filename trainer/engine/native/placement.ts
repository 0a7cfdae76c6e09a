import type { Tensor, TensorFlow } from '../ops.js';
import type { Extent } from './convolution/taps.js';
import { type Attribute, integerAttribute, stringAttribute } from './kernels.js';

export type Shape4D = readonly [number, number, number, number];

/** What TensorFlow's SAME adds to an axis in all; the surplus of an odd number goes to the end. */
const samePadding = (size: number, kernel: number, stride: number): number =>
  Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);

/** How sliding windows with `padding` on each side are put to TensorFlow. */
export interface Placement {
  /** Strides and padding. */
  attributes: Attribute[];
  /** What has to be added to each side beforehand. */
  border: number;
}

/**
 * SAME where that means the same, else VALID on an input that is padded first. TensorFlow's EXPLICIT padding is no way
 * out: with it oneDNN refuses gradients, and the fallback is up to 30 times slower (measured on one core: the input
 * gradient of a 3×3 convolution of 512 channels on 2×2 pixels, 250 ms for 10).
 */
export function placementOf(
  [height, width]: Extent,
  [kernelHeight, kernelWidth]: Extent,
  { stride, padding }: { stride: number; padding: number },
): Placement {
  const same =
    padding > 0 &&
    samePadding(height, kernelHeight, stride) === 2 * padding &&
    samePadding(width, kernelWidth, stride) === 2 * padding;
  return {
    attributes: [
      integerAttribute('strides', [1, stride, stride, 1]),
      stringAttribute('padding', same ? 'SAME' : 'VALID'),
    ],
    border: same ? 0 : padding,
  };
}

/** [N,H,W,C] with `border` rows and columns of `value` on each side. */
export function addBorder(tf: TensorFlow, x: Tensor, border: number, value: number): Tensor {
  const sides: [number, number] = [border, border];
  return border === 0 ? x : tf.pad(x, [[0, 0], sides, sides, [0, 0]], value);
}

/** The inverse: cuts the border off, down to `shape`. */
export function cutBorder(tf: TensorFlow, x: Tensor, border: number, shape: readonly number[]): Tensor {
  return border === 0 ? x : tf.slice(x, [0, border, border, 0], [...shape]);
}
