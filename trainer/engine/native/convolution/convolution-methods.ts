import type { Precision } from '../../../contract/run-spec.js';
import type { Convolution, Tensor, TensorFlow } from '../../ops.js';
import { type Kernels, nativeBackend } from '../kernels.js';
import type { Shape4D } from '../placement.js';
import { type ConvolutionMethod, createDirectConvolution } from './direct-convolution.js';
import { createPatchConvolution } from './patch-convolution.js';
import { createPixelConvolution } from './pixel-convolution.js';
import { createTapConvolution } from './tap-convolution.js';
import { imageShare } from './taps.js';

/**
 * Taps are faster from so many weights on, and where less than this share of the work isn't padding: measured on one
 * AVX-512 core with AVX512-BF16. For float16 TensorFlow has no oneDNN kernels of the gradients there, and its own take
 * several times as long as products of matrices.
 */
const tapLimits: Record<Precision, Record<keyof ConvolutionMethod, { weights: number; share: number }>> = {
  float32: {
    forward: { weights: 2 ** 18, share: 0.5 },
    inputGradient: { weights: 2 ** 18, share: 0.5 },
    filterGradient: { weights: 2 ** 18, share: 0.65 },
  },
  bfloat16: {
    forward: { weights: 2 ** 20, share: 0.5 },
    inputGradient: { weights: 2 ** 20, share: 0.5 },
    filterGradient: { weights: 2 ** 18, share: 0.9 },
  },
  float16: {
    forward: { weights: 2 ** 20, share: 0.5 },
    inputGradient: { weights: 0, share: 1 },
    filterGradient: { weights: 0, share: 1 },
  },
};

/** Chooses the fastest method for an operation on these shapes. */
export function createConvolutionMethods(tf: TensorFlow, kernels: Kernels) {
  const direct = createDirectConvolution(tf, kernels);
  const byTaps = createTapConvolution(tf, kernels);
  const byPixels = createPixelConvolution(tf, kernels);
  const byPatches = createPatchConvolution(tf, byPixels);
  const { isUsingGpuDevice } = nativeBackend(tf);

  return (
    operation: keyof ConvolutionMethod,
    x: Tensor,
    filter: Tensor,
    options: Convolution,
  ): ConvolutionMethod => {
    const [, height, width] = x.shape as unknown as Shape4D;
    const [kernelHeight, kernelWidth] = filter.shape as unknown as Shape4D;
    if (isUsingGpuDevice) return direct;
    if (kernelHeight === 1 && kernelWidth === 1 && options.padding === 0) return byPixels;
    if (kernelHeight === options.stride && kernelWidth === options.stride && options.padding === 0)
      return byPatches;
    const { weights, share } = tapLimits[kernels.precision][operation];
    const taps =
      filter.size >= weights && imageShare([height, width], [kernelHeight, kernelWidth], options) <= share;
    return taps ? byTaps : direct;
  };
}
