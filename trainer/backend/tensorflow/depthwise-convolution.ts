import type { Convolution, Ops, Tensor, TensorFlow } from '../ops.js';
import { float32, type Kernels } from './kernels.js';
import { addBorder, cutBorder, placementOf, type Shape4D } from './placement.js';

const kernelName = 'GridfarmDepthwiseConvolution';

/** Depthwise convolution by TensorFlow's kernels (oneDNN on a CPU), a registered gradient as in convolution.ts. */
export function createDepthwiseConvolution(tf: TensorFlow, kernels: Kernels): Ops['depthwiseConv2d'] {
  const sizes = (shape: readonly number[]) => tf.tensor1d([...shape], 'int32');

  function place(x: Tensor, filter: Tensor, options: Convolution) {
    const [, height, width] = x.shape as unknown as Shape4D;
    const [kernelHeight, kernelWidth] = filter.shape as unknown as Shape4D;
    const { attributes, border } = placementOf([height, width], [kernelHeight, kernelWidth], options);
    return { attributes: [float32, ...attributes], border, padded: addBorder(tf, x, border, 0) };
  }

  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() => {
        const { x, filter } = inputs as { x: Tensor; filter: Tensor };
        const { attributes, padded } = place(x, filter, attrs as unknown as Convolution);
        return kernels.run('DepthwiseConv2dNative', attributes, [padded, filter]);
      }),
  });

  tf.registerGradient({
    kernelName,
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, attrs) => {
      const [x, filter] = saved as [Tensor, Tensor];
      const { attributes, border, padded } = place(x, filter, attrs as unknown as Convolution);
      const run = (operation: string, ...inputs: Tensor[]) =>
        kernels.run(`DepthwiseConv2dNativeBackprop${operation}`, attributes, inputs);
      return {
        x: () => cutBorder(tf, run('Input', sizes(padded.shape), filter, dy as Tensor), border, x.shape),
        filter: () => run('Filter', padded, sizes(filter.shape), dy as Tensor),
      };
    },
  });

  return (x, filter, options) => tf.engine().runKernel(kernelName, { x, filter }, { ...options }) as Tensor;
}
