import { adaptiveWindows } from '../adaptive-windows.js';
import { customGradient } from '../custom-gradient.js';
import type { Ops, Tensor, TensorFlow } from '../ops.js';
import { createGenericActivations } from './generic-activations.js';
import { createGenericAttention } from './generic-attention.js';
import { createGenericBatchNorm } from './generic-batch-norm.js';
import { createGenericGelu } from './generic-gelu.js';
import { createGenericLayerNorm } from './generic-layer-norm.js';

type Tensor4D = import('@tensorflow/tfjs-core').Tensor4D;

/** The operations composed of TensorFlow.js's own: they run on every engine. */
export function createGenericOps(tf: TensorFlow): Ops {
  /** Cross-entropy with PyTorch's soft targets; its gradient is softmax - targets, in one go. */
  const crossEntropy = customGradient(tf, (logits, targets, save) => {
    const logProbabilities = tf.logSoftmax(logits as Tensor);
    (save as (tensors: Tensor[]) => void)([logProbabilities, targets as Tensor]);
    return {
      value: tf.neg(tf.sum(tf.mul(targets as Tensor, logProbabilities), -1)),
      gradFunc: (dy: Tensor, [logP, target]: Tensor[]) => {
        const logitsGradient = tf.mul(tf.sub(tf.exp(logP!), target!), tf.expandDims(dy, -1));
        return [logitsGradient, tf.neg(tf.mul(logP!, tf.expandDims(dy, -1)))];
      },
    };
  });

  /** Maximum over windows of one axis: the column windows (axis 2) or the row windows (axis 1). */
  function poolAxis(x: Tensor4D, axis: 1 | 2, size: number): Tensor4D {
    const pooled = adaptiveWindows(x.shape[axis], size).map(([start, end]) => {
      const length = end - start;
      const begin = axis === 1 ? [0, start, 0, 0] : [0, 0, start, 0];
      const extent = axis === 1 ? [-1, length, -1, -1] : [-1, -1, length, -1];
      const window: [number, number] = axis === 1 ? [length, 1] : [1, length];
      return tf.maxPool(
        tf.slice(x, begin as [number, number, number, number], extent as never),
        window,
        1,
        'valid',
      );
    });
    return tf.concat(pooled, axis) as Tensor4D;
  }

  return {
    conv2d: (x, filter, { stride, padding }) => tf.conv2d(x as Tensor4D, filter as Tensor4D, stride, padding),
    depthwiseConv2d: (x, filter, { stride, padding }) =>
      tf.depthwiseConv2d(x as Tensor4D, filter as Tensor4D, stride, padding),
    addBias: (x, bias) => tf.add(x, bias),
    batchNorm: createGenericBatchNorm(tf),
    ...createGenericActivations(tf),
    addRelu: (x, y) => tf.relu(tf.add(x, y)),
    layerNorm: createGenericLayerNorm(tf),
    gelu: createGenericGelu(tf),
    linear(x, weight, bias) {
      const product = tf.matMul(tf.reshape(x, [-1, x.shape.at(-1)!]), weight, false, true);
      const rows = bias ? tf.add(product, bias) : product;
      return tf.reshape(rows, [...x.shape.slice(0, -1), weight.shape[0]!]);
    },
    attention: createGenericAttention(tf),
    maxPool: (x, { size, stride, padding }) => tf.maxPool(x as Tensor4D, size, stride, padding),
    adaptiveMaxPool(x, size) {
      const [, height, width] = x.shape as [number, number, number, number];
      if (height === width && height % size === 0)
        return tf.maxPool(x as Tensor4D, height / size, height / size, 'valid');
      // Columns first: of equal maxima the first in row-major order gets the gradient, as in PyTorch.
      return poolAxis(poolAxis(x as Tensor4D, 2, size), 1, size);
    },
    averagePool: (x, size) => tf.avgPool(x as Tensor4D, size, size, 'valid'),
    globalAveragePool: x => tf.mean(x, [1, 2]),
    scaleChannels: (x, scale) => tf.mul(x, tf.reshape(scale, [x.shape[0]!, 1, 1, x.shape[3]!])),
    softmaxCrossEntropy: (logits, targets) => crossEntropy(logits, targets),
    imagesFromBytes: (bytes, shape) => tf.tensor4d(new Float32Array(bytes), shape),
  };
}
