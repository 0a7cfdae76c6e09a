import type { Convolution, Ops, Tensor, TensorFlow } from '../ops.js';
import { type ConvolutionMethod, createDirectConvolution } from './direct-convolution.js';
import { type Kernels, nativeBackend } from './kernels.js';
import type { Shape4D } from './placement.js';
import { createTapConvolution } from './tap-convolution.js';
import { imageShare } from './taps.js';

const kernelName = 'GridfarmConvolution';

/** Below this share of work that isn't padding, and from this many weights on, taps are faster (measured on one core). */
const smallShare = 0.5;
const manyWeights = 2 ** 18;

/**
 * Convolution as a kernel of its own: a registered gradient is computed for those inputs alone that need one
 * (not for the images that enter the first layer), one of `tf.customGrad` always for all.
 */
export function createConvolution(tf: TensorFlow, kernels: Kernels): Ops['conv2d'] {
  const direct = createDirectConvolution(tf, kernels);
  const byTaps = createTapConvolution(tf, kernels);
  const { isUsingGpuDevice } = nativeBackend(tf);

  function methodFor(x: Tensor, filter: Tensor, options: Convolution): ConvolutionMethod {
    const [, height, width] = x.shape as unknown as Shape4D;
    const [kernelHeight, kernelWidth] = filter.shape as unknown as Shape4D;
    const taps =
      !isUsingGpuDevice &&
      filter.size >= manyWeights &&
      imageShare([height, width], [kernelHeight, kernelWidth], options) < smallShare;
    return taps ? byTaps : direct;
  }

  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, filter } = inputs as { x: Tensor; filter: Tensor };
      const options = attrs as unknown as Convolution;
      return tf.tidy(() => methodFor(x, filter, options).forward(x, filter, options));
    },
  });

  tf.registerGradient({
    kernelName,
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, attrs) => {
      const [x, filter] = saved as [Tensor, Tensor];
      const options = attrs as unknown as Convolution;
      const method = methodFor(x, filter, options);
      return {
        x: () => method.inputGradient(dy as Tensor, filter, x.shape as unknown as Shape4D, options),
        filter: () => method.filterGradient(x, dy as Tensor, filter.shape as unknown as Shape4D, options),
      };
    },
  });

  return (x, filter, options) => tf.engine().runKernel(kernelName, { x, filter }, { ...options }) as Tensor;
}
