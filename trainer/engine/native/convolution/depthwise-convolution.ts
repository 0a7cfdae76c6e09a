import type { Convolution, Ops, Tensor, TensorFlow } from '../../ops.js';
import { type Attribute, float32, type Kernels, nativeBackend } from '../kernels.js';
import { addBorder, cutBorder, placementOf, type Shape4D } from '../placement.js';
import { createDepthwiseFilterGradient } from './depthwise-filter-gradient.js';

/** Depthwise convolution by TensorFlow's kernels (oneDNN on a CPU), a registered gradient as in convolution.ts. */
export function createDepthwiseConvolution(tf: TensorFlow, kernels: Kernels): Ops['depthwiseConv2d'] {
  const kernelName = `GridfarmDepthwiseConvolution ${kernels.precision}`;
  const { isUsingGpuDevice } = nativeBackend(tf);
  const byPieces = createDepthwiseFilterGradient(tf, kernels);
  const sizes = (shape: readonly number[]) => tf.tensor1d([...shape], 'int32');

  const run = (gradientOf: string, attributes: Attribute[], inputs: Tensor[]) =>
    kernels.run(`DepthwiseConv2dNativeBackprop${gradientOf}`, attributes, inputs);

  /** `shape`: of the input with its border. */
  function place(inputShape: readonly number[], filterShape: readonly number[], options: Convolution) {
    const [batch, height, width, channels] = inputShape as unknown as Shape4D;
    const [kernelHeight, kernelWidth] = filterShape as unknown as Shape4D;
    const { attributes, border } = placementOf([height, width], [kernelHeight, kernelWidth], options);
    const shape = [batch, height + 2 * border, width + 2 * border, channels];
    return { attributes: [float32, ...attributes], border, shape };
  }

  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() => {
        const { x, filter } = inputs as { x: Tensor; filter: Tensor };
        const { attributes, border } = place(x.shape, filter.shape, attrs as unknown as Convolution);
        return kernels.run('DepthwiseConv2dNative', attributes, [addBorder(tf, x, border, 0), filter]);
      }),
  });

  tf.registerGradient({
    kernelName,
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, attrs) => {
      const [x, filter] = saved as [Tensor, Tensor];
      const options = attrs as unknown as Convolution;
      const filterShape = filter.shape as unknown as Shape4D;
      const [kernelHeight, kernelWidth] = filterShape;
      const whole = isUsingGpuDevice || Math.min(kernelHeight, kernelWidth) < 3;
      return {
        x() {
          const { attributes, border, shape } = place(x.shape, filter.shape, options);
          const gradient = run('Input', attributes, [sizes(shape), filter, dy as Tensor]);
          return cutBorder(tf, gradient, border, x.shape);
        },
        filter() {
          if (!whole) return byPieces(x, dy as Tensor, filterShape, options);
          const { attributes, border } = place(x.shape, filter.shape, options);
          return run('Filter', attributes, [addBorder(tf, x, border, 0), sizes(filter.shape), dy as Tensor]);
        },
      };
    },
  });

  return (x, filter, options) => tf.engine().runKernel(kernelName, { x, filter }, { ...options }) as Tensor;
}
