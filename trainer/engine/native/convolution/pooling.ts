import { customGradient } from '../../custom-gradient.js';
import type { Ops, Tensor, TensorFlow } from '../../ops.js';
import {
  booleanAttribute,
  float32,
  integerAttribute,
  type Kernels,
  nativeBackend,
  stringAttribute,
} from '../kernels.js';
import { addBorder, cutBorder, placementOf, type Shape4D } from '../placement.js';

/** Smallest float32: the border's value. */
const lowest = -3.4028234663852886e38;

/** Asks for a kernel that TensorFlow otherwise takes by rewriting graphs, which eager operations don't go through. */
const oneDnnLabel = stringAttribute('_kernel', 'MklNameChangeOp');

/** Whether oneDNN's pooling is there: in x86 builds of TensorFlow, on a CPU. */
function hasOneDnn(tf: TensorFlow, kernels: Kernels): boolean {
  if (nativeBackend(tf).isUsingGpuDevice) return false;
  const { attributes } = placementOf([1, 1], [1, 1], { stride: 1, padding: 0 });
  const all = [float32, oneDnnLabel, integerAttribute('ksize', [1, 1, 1, 1]), ...attributes];
  try {
    return tf.tidy(() => kernels.runMany('_MklNativeMaxPool', all, [tf.ones([1, 1, 1, 1])], 2).length === 2);
  } catch {
    return false;
  }
}

/**
 * Max pooling whose border counts as -inf; the gradient goes to the first maximum of a window. oneDNN remembers where
 * the maxima were; TensorFlow's own gradient looks for them again and takes 8 times as long (measured on one core).
 */
export function createMaxPool(tf: TensorFlow, kernels: Kernels): Ops['maxPool'] {
  const oneDnn = hasOneDnn(tf, kernels);

  return (input, { size, stride, padding }) => {
    const [, height, width] = input.shape as unknown as Shape4D;
    const { attributes, border } = placementOf([height, width], [size, size], { stride, padding });
    const common = [float32, integerAttribute('ksize', [1, size, size, 1]), ...attributes];
    const pool = customGradient(tf, (...parts) => {
      const x = addBorder(tf, parts[0] as Tensor, border, lowest);
      const save = parts[1] as (saved: Tensor[]) => void;
      const [y, ...places] = oneDnn
        ? kernels.runMany('_MklNativeMaxPool', [...common, oneDnnLabel], [x], 2)
        : [kernels.run('MaxPool', common, [x])];
      save([x, y!, ...places]);
      return {
        value: y!,
        gradFunc(dy: Tensor, saved: Tensor[]) {
          const [savedX, savedY, savedPlaces] = saved as [Tensor, Tensor, Tensor?];
          const gradient = savedPlaces
            ? kernels.run(
                '_MklNativeMaxPoolGrad',
                [...common, oneDnnLabel, booleanAttribute('workspace_enabled', true)],
                [savedX, savedY, dy, savedPlaces],
              )
            : kernels.run('MaxPoolGrad', common, [savedX, savedY, dy]);
          return cutBorder(tf, gradient, border, input.shape);
        },
      };
    });
    return pool(input);
  };
}
