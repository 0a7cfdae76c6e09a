import type { Convolution, Ops, Tensor, TensorFlow } from '../../ops.js';
import type { Kernels } from '../kernels.js';
import type { Shape4D } from '../placement.js';
import { createConvolutionMethods } from './convolution-methods.js';

/**
 * Convolution as a kernel of its own: a registered gradient is computed for those inputs alone that need one
 * (not for the images that enter the first layer), one of `tf.customGrad` always for all.
 */
export function createConvolution(tf: TensorFlow, kernels: Kernels): Ops['conv2d'] {
  const kernelName = `GridfarmConvolution ${kernels.precision}`;
  const methodFor = createConvolutionMethods(tf, kernels);
  const { lower } = kernels;

  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, filter } = inputs as { x: Tensor; filter: Tensor };
      const options = attrs as unknown as Convolution;
      const method = methodFor('forward', x, filter, options);
      return tf.tidy(() => method.forward(lower(x), lower(filter), options));
    },
  });

  tf.registerGradient({
    kernelName,
    inputsToSave: ['x', 'filter'],
    gradFunc: (gradient, saved, attrs) => {
      const [x, filter] = saved as [Tensor, Tensor];
      const options = attrs as unknown as Convolution;
      const dy = lower(gradient as Tensor);
      return {
        x() {
          const method = methodFor('inputGradient', x, filter, options);
          return method.inputGradient(dy, lower(filter), x.shape as unknown as Shape4D, options);
        },
        filter() {
          const method = methodFor('filterGradient', x, filter, options);
          return method.filterGradient(lower(x), dy, filter.shape as unknown as Shape4D, options);
        },
      };
    },
  });

  return (x, filter, options) => tf.engine().runKernel(kernelName, { x, filter }, { ...options }) as Tensor;
}
