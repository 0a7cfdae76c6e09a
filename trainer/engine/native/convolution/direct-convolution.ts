import type { Convolution, Tensor, TensorFlow } from '../../ops.js';
import { float32, type Kernels, nativeBackend } from '../kernels.js';
import { addBorder, cutBorder, placementOf, type Shape4D } from '../placement.js';

/** One way to compute a convolution and its gradients. Not differentiable themselves. */
export interface ConvolutionMethod {
  /** x [N,H,W,I], filter [h,w,I,O] → [N,H',W',O]. */
  forward(x: Tensor, filter: Tensor, options: Convolution): Tensor;
  /** dy [N,H',W',O], filter [h,w,I,O] → `inputShape` [N,H,W,I]. */
  inputGradient(dy: Tensor, filter: Tensor, inputShape: Shape4D, options: Convolution): Tensor;
  /** x [N,H,W,I], dy [N,H',W',O] → `filterShape` [h,w,I,O]. */
  filterGradient(x: Tensor, dy: Tensor, filterShape: Shape4D, options: Convolution): Tensor;
}

/** TensorFlow's own Conv2D (oneDNN on a CPU, cuDNN on a GPU) and its gradients. */
export function createDirectConvolution(tf: TensorFlow, kernels: Kernels): ConvolutionMethod {
  const sizes = (shape: readonly number[]) => tf.tensor1d([...shape], 'int32');
  const place = (inputShape: readonly number[], filterShape: readonly number[], options: Convolution) => {
    const [, height, width] = inputShape as Shape4D;
    const [kernelHeight, kernelWidth] = filterShape as Shape4D;
    const { attributes, border } = placementOf([height, width], [kernelHeight, kernelWidth], options);
    return { attributes: [float32, ...attributes], border };
  };

  /**
   * oneDNN's forward kernel for bfloat16 sums an odd number of channels wrongly on some CPUs: by 40% of the result on an EPYC 9005
   * (AVX512-BF16, no AMX; oneDNN of TensorFlow 2.21). A channel of zeros makes them even.
   */
  const needsEven = kernels.precision === 'bfloat16' && !nativeBackend(tf).isUsingGpuDevice;
  const channelOfZeros = (value: Tensor, axis: number) =>
    tf.pad(
      value,
      value.shape.map((_, index) => [0, index === axis ? 1 : 0]),
    );

  return {
    forward(x, filter, options) {
      const { attributes, border } = place(x.shape, filter.shape, options);
      const image = addBorder(tf, x, border, 0);
      const operands =
        needsEven && x.shape[3]! % 2 === 1
          ? [channelOfZeros(image, 3), channelOfZeros(filter, 2)]
          : [image, filter];
      return kernels.run('Conv2D', attributes, operands);
    },
    inputGradient(dy, filter, inputShape, options) {
      const { attributes, border } = place(inputShape, filter.shape, options);
      const [batch, height, width, channels] = inputShape;
      const padded = sizes([batch, height + 2 * border, width + 2 * border, channels]);
      const gradient = kernels.run('Conv2DBackpropInput', attributes, [padded, filter, dy]);
      return cutBorder(tf, gradient, border, inputShape);
    },
    filterGradient(x, dy, filterShape, options) {
      const { attributes, border } = place(x.shape, filterShape, options);
      const inputs = [addBorder(tf, x, border, 0), sizes(filterShape), dy];
      return kernels.run('Conv2DBackpropFilter', attributes, inputs);
    },
  };
}
