import type { Convolution, Ops, Tensor, TensorFlow } from '../ops.js';
import { type ConvolutionMethod, createDirectConvolution } from './direct-convolution.js';
import { type Kernels, nativeBackend } from './kernels.js';
import { createPatchConvolution } from './patch-convolution.js';
import { createPixelConvolution } from './pixel-convolution.js';
import type { Shape4D } from './placement.js';
import { createTapConvolution } from './tap-convolution.js';
import { imageShare } from './taps.js';

const kernelName = 'GridfarmConvolution';

/** From this many weights on, and where less than this share of the work isn't padding, taps are faster (measured on one core). */
const manyWeights = 2 ** 18;
const smallShare = { forward: 0.5, inputGradient: 0.5, filterGradient: 0.65 };

/**
 * Convolution as a kernel of its own: a registered gradient is computed for those inputs alone that need one
 * (not for the images that enter the first layer), one of `tf.customGrad` always for all.
 */
export function createConvolution(tf: TensorFlow, kernels: Kernels): Ops['conv2d'] {
  const direct = createDirectConvolution(tf, kernels);
  const byTaps = createTapConvolution(tf, kernels);
  const byPixels = createPixelConvolution(tf);
  const byPatches = createPatchConvolution(tf, byPixels);
  const { isUsingGpuDevice } = nativeBackend(tf);

  function methodFor(
    operation: keyof ConvolutionMethod,
    x: Tensor,
    filter: Tensor,
    options: Convolution,
  ): ConvolutionMethod {
    const [, height, width] = x.shape as unknown as Shape4D;
    const [kernelHeight, kernelWidth] = filter.shape as unknown as Shape4D;
    if (isUsingGpuDevice) return direct;
    if (kernelHeight === 1 && kernelWidth === 1 && options.padding === 0) return byPixels;
    if (kernelHeight === options.stride && kernelWidth === options.stride && options.padding === 0)
      return byPatches;
    const taps =
      filter.size >= manyWeights &&
      imageShare([height, width], [kernelHeight, kernelWidth], options) < smallShare[operation];
    return taps ? byTaps : direct;
  }

  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, filter } = inputs as { x: Tensor; filter: Tensor };
      const options = attrs as unknown as Convolution;
      return tf.tidy(() => methodFor('forward', x, filter, options).forward(x, filter, options));
    },
  });

  tf.registerGradient({
    kernelName,
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, attrs) => {
      const [x, filter] = saved as [Tensor, Tensor];
      const options = attrs as unknown as Convolution;
      const method = (operation: keyof ConvolutionMethod) => methodFor(operation, x, filter, options);
      return {
        x: () =>
          method('inputGradient').inputGradient(dy as Tensor, filter, x.shape as unknown as Shape4D, options),
        filter: () =>
          method('filterGradient').filterGradient(
            x,
            dy as Tensor,
            filter.shape as unknown as Shape4D,
            options,
          ),
      };
    },
  });

  return (x, filter, options) => tf.engine().runKernel(kernelName, { x, filter }, { ...options }) as Tensor;
}
