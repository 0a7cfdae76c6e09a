import { customGradient } from '../custom-gradient.js';
import type { Ops, Tensor, TensorFlow } from '../ops.js';
import { createGenericOps } from '../reference/generic-ops.js';
import { createActivations } from './activations.js';
import { createAttention } from './attention/attention.js';
import { createBlocks } from './blocks.js';
import { createConvolution } from './convolution/convolution.js';
import { createDepthwiseConvolution } from './convolution/depthwise-convolution.js';
import { createMaxPool } from './convolution/pooling.js';
import { createGelu } from './gelu.js';
import { dataTypes, float32, type Kernels, nativeBackend, typeAttribute } from './kernels.js';
import { createLinear } from './linear.js';
import { createSoftmaxCrossEntropy } from './loss.js';
import { createBatchNorm } from './normalization/batch-norm.js';
import { createChannelOps } from './normalization/channel-ops.js';
import { createLayerNorm } from './normalization/layer-norm.js';

/** The operations on TensorFlow's fused kernels, NHWC as they are. */
export function createNativeOps(tf: TensorFlow, kernels: Kernels): Ops {
  const reluGradient = (dy: Tensor, y: Tensor) => kernels.run('ReluGrad', [float32], [dy, y]);

  const relu = customGradient(tf, (...parts) => {
    const y = kernels.run('Relu', [float32], [parts[0] as Tensor]);
    (parts[1] as (saved: Tensor[]) => void)([y]);
    return { value: y, gradFunc: (dy: Tensor, saved: Tensor[]) => reluGradient(dy, saved[0]!) };
  });

  const addRelu = customGradient(tf, (...parts) => {
    const sum = kernels.run('AddV2', [float32], [parts[0] as Tensor, parts[1] as Tensor]);
    const y = kernels.run('Relu', [float32], [sum]);
    (parts[2] as (saved: Tensor[]) => void)([y]);
    return {
      value: y,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const gradient = reluGradient(dy, saved[0]!);
        return [gradient, gradient.clone()];
      },
    };
  });

  const generic = createGenericOps(tf);
  const blocks = createBlocks(tf, kernels.precision);
  return {
    conv2d: createConvolution(tf, kernels),
    depthwiseConv2d: createDepthwiseConvolution(tf, kernels),
    batchNorm: createBatchNorm(tf, kernels),
    ...createChannelOps(tf),
    ...createActivations(tf),
    relu: x => relu(x),
    hardSigmoid: generic.hardSigmoid,
    addRelu: (x, y) => addRelu(x, y),
    layerNorm: createLayerNorm(tf, blocks),
    gelu: createGelu(tf, blocks),
    linear: createLinear(tf, kernels),
    attention: createAttention(tf, blocks),
    maxPool: createMaxPool(tf, kernels),
    adaptiveMaxPool: generic.adaptiveMaxPool,
    averagePool: generic.averagePool,
    globalAveragePool: x => tf.mean(x, [1, 2]),
    softmaxCrossEntropy: createSoftmaxCrossEntropy(tf, kernels),
    imagesFromBytes: (bytes, shape) => {
      const backend = nativeBackend(tf);
      const id = backend.binding.createTensor(shape, dataTypes.uint8, bytes);
      try {
        const [info] = backend.binding.executeOp(
          'Cast',
          [typeAttribute('SrcT', 'uint8'), typeAttribute('DstT', 'float32')],
          [id],
          1,
        );
        return backend.createOutputTensor(info!);
      } finally {
        backend.binding.deleteTensor(id);
      }
    },
  };
}
