import type { Convolution, Tensor, TensorFlow } from '../ops.js';
import { type Attribute, float32, integerAttribute, type Kernels, stringAttribute } from './kernels.js';

export type Shape4D = readonly [number, number, number, number];

/** One way to compute a convolution and its gradients. Not differentiable themselves. */
export interface ConvolutionMethod {
  /** x [N,H,W,I], filter [h,w,I,O] → [N,H',W',O]. */
  forward(x: Tensor, filter: Tensor, options: Convolution): Tensor;
  /** dy [N,H',W',O], filter [h,w,I,O] → `inputShape` [N,H,W,I]. */
  inputGradient(dy: Tensor, filter: Tensor, inputShape: Shape4D, options: Convolution): Tensor;
  /** x [N,H,W,I], dy [N,H',W',O] → `filterShape` [h,w,I,O]. */
  filterGradient(x: Tensor, dy: Tensor, filterShape: Shape4D, options: Convolution): Tensor;
}

/** What TensorFlow's SAME adds to an axis in all; the surplus of an odd number goes to the end. */
const samePadding = (size: number, kernel: number, stride: number): number =>
  Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);

/**
 * How a convolution with `padding` zeros on each side is put to TensorFlow: as SAME where that means the same, else
 * as VALID on an input that is padded first (`border` zeros). Its EXPLICIT padding is no way out: with it oneDNN
 * refuses both gradients, and the fallback is up to 30 times slower (measured: 512 channels of 2×2, 250 ms for 10).
 */
function placement(inputShape: Shape4D, filterShape: Shape4D, options: Convolution) {
  const { stride, padding } = options;
  const same =
    padding > 0 &&
    samePadding(inputShape[1], filterShape[0], stride) === 2 * padding &&
    samePadding(inputShape[2], filterShape[1], stride) === 2 * padding;
  const attributes: Attribute[] = [
    float32,
    integerAttribute('strides', [1, stride, stride, 1]),
    stringAttribute('padding', same ? 'SAME' : 'VALID'),
  ];
  return { attributes, border: same ? 0 : padding };
}

/** TensorFlow's own Conv2D (oneDNN on a CPU, cuDNN on a GPU) and its gradients. */
export function createDirectConvolution(tf: TensorFlow, kernels: Kernels): ConvolutionMethod {
  const sizes = (shape: readonly number[]) => tf.tensor1d([...shape], 'int32');
  const pad = (x: Tensor, border: number) => {
    const sides: [number, number] = [border, border];
    return border === 0 ? x : tf.pad(x, [[0, 0], sides, sides, [0, 0]]);
  };

  return {
    forward(x, filter, options) {
      const { attributes, border } = placement(
        x.shape as unknown as Shape4D,
        filter.shape as unknown as Shape4D,
        options,
      );
      return kernels.run('Conv2D', attributes, [pad(x, border), filter]);
    },
    inputGradient(dy, filter, inputShape, options) {
      const { attributes, border } = placement(inputShape, filter.shape as unknown as Shape4D, options);
      const [batch, height, width, channels] = inputShape;
      const padded = sizes([batch, height + 2 * border, width + 2 * border, channels]);
      const gradient = kernels.run('Conv2DBackpropInput', attributes, [padded, filter, dy]);
      return border === 0 ? gradient : tf.slice(gradient, [0, border, border, 0], [...inputShape]);
    },
    filterGradient(x, dy, filterShape, options) {
      const { attributes, border } = placement(x.shape as unknown as Shape4D, filterShape, options);
      return kernels.run('Conv2DBackpropFilter', attributes, [pad(x, border), sizes(filterShape), dy]);
    },
  };
}
