import type { Convolution, Ops, Tensor, TensorFlow } from '../ops.js';
import { type Attribute, float32, integerAttribute, type Kernels, stringAttribute } from './kernels.js';

type Shape4D = [number, number, number, number];

const kernelName = 'GridfarmConvolution';

/** What TensorFlow's SAME adds to an axis in all; the surplus of an odd number goes to the end. */
function samePadding(size: number, kernel: number, stride: number): number {
  return Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);
}

/**
 * How a convolution with `padding` zeros on each side is put to TensorFlow: as SAME where that means the same, else
 * as VALID on an input that is padded first (`border` zeros). Its EXPLICIT padding is no way out: with it oneDNN
 * refuses both gradients, and the fallback is up to 30 times slower (measured: 512 channels of 2×2, 250 ms for 10).
 */
function placement([, height, width]: Shape4D, [kernelHeight, kernelWidth]: Shape4D, options: Convolution) {
  const { stride, padding } = options;
  const same =
    padding > 0 &&
    samePadding(height, kernelHeight, stride) === 2 * padding &&
    samePadding(width, kernelWidth, stride) === 2 * padding;
  const attributes: Attribute[] = [
    float32,
    integerAttribute('strides', [1, stride, stride, 1]),
    stringAttribute('padding', same ? 'SAME' : 'VALID'),
  ];
  return { attributes, border: same ? 0 : padding };
}

/**
 * Convolution as a kernel of its own: a registered gradient is computed for those inputs alone that need one
 * (not for the images that enter the first layer), one of `tf.customGrad` always for all.
 */
export function createConvolution(tf: TensorFlow, kernels: Kernels): Ops['conv2d'] {
  const sizes = (shape: readonly number[]) => tf.tensor1d([...shape], 'int32');
  const place = (x: Tensor, filter: Tensor, options: unknown) =>
    placement(x.shape as Shape4D, filter.shape as Shape4D, options as Convolution);
  const padded = (x: Tensor, border: number) =>
    border === 0
      ? x
      : tf.pad(x, [
          [0, 0],
          [border, border],
          [border, border],
          [0, 0],
        ]);

  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() => {
        const { x, filter } = inputs as { x: Tensor; filter: Tensor };
        const { attributes, border } = place(x, filter, attrs);
        return kernels.run('Conv2D', attributes, [padded(x, border), filter]);
      }),
  });

  tf.registerGradient({
    kernelName,
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, attrs) => {
      const [x, filter] = saved as [Tensor, Tensor];
      const { attributes, border } = place(x, filter, attrs);
      const [batch, height, width, channels] = x.shape as Shape4D;
      const extent = [batch, height + 2 * border, width + 2 * border, channels];
      return {
        x: () => {
          const inputs = [sizes(extent), filter, dy as Tensor];
          const whole = kernels.run('Conv2DBackpropInput', attributes, inputs);
          return border === 0 ? whole : tf.slice(whole, [0, border, border, 0], x.shape);
        },
        filter: () =>
          kernels.run('Conv2DBackpropFilter', attributes, [
            padded(x, border),
            sizes(filter.shape),
            dy as Tensor,
          ]),
      };
    },
  });

  return (x, filter, options) => tf.engine().runKernel(kernelName, { x, filter }, { ...options }) as Tensor;
}
