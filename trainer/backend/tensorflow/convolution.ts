import type { Convolution, Ops, Tensor, TensorFlow } from '../ops.js';
import { type Attribute, float32, integerAttribute, type Kernels, stringAttribute } from './kernels.js';

/** Attributes of Conv2D and its gradients, with the padding of PyTorch: the same on all four sides. */
const attributesOf = ({ stride, padding }: Convolution): Attribute[] => [
  float32,
  integerAttribute('strides', [1, stride, stride, 1]),
  stringAttribute('padding', padding > 0 ? 'EXPLICIT' : 'VALID'),
  integerAttribute('explicit_paddings', padding > 0 ? [0, 0, padding, padding, padding, padding, 0, 0] : []),
];

const kernelName = 'GridfarmConvolution';

/**
 * Convolution as a kernel of its own: a registered gradient is computed for those inputs alone that need one
 * (not for the images that enter the first layer), one of `tf.customGrad` always for all.
 */
export function createConvolution(tf: TensorFlow, kernels: Kernels): Ops['conv2d'] {
  const filterShape = (filter: Tensor) => tf.tensor1d(filter.shape, 'int32');

  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) =>
      kernels.run('Conv2D', attributesOf(attrs as unknown as Convolution), [
        inputs.x as Tensor,
        inputs.filter as Tensor,
      ]),
  });
  tf.registerGradient({
    kernelName,
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, [x, filter], attrs) => {
      const attributes = attributesOf(attrs as unknown as Convolution);
      return {
        x: () =>
          kernels.run('Conv2DBackpropInput', attributes, [
            tf.tensor1d(x!.shape, 'int32'),
            filter!,
            dy as Tensor,
          ]),
        filter: () =>
          kernels.run('Conv2DBackpropFilter', attributes, [x!, filterShape(filter!), dy as Tensor]),
      };
    },
  });

  return (x, filter, options) => tf.engine().runKernel(kernelName, { x, filter }, { ...options }) as Tensor;
}
