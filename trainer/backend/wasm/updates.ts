import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Updates } from '../engine.js';
import { gradientOf } from '../generic-updates.js';
import type { Tensor, TensorFlow } from '../ops.js';
import type { Heap } from './heap.js';

/** PyTorch's update rules, one pass over each parameter. */
export function createWasmUpdates(tf: TensorFlow, heap: Heap): Updates {
  /** New tensors of the same shape: kernels elsewhere may have cached something by the old ones. */
  const outputs = (like: Tensor, count: number) =>
    Array.from({ length: count }, () => heap.output(like.shape));
  const pointers = (...tensors: TensorInfo[]) => tensors.map(tensor => heap.pointer(tensor));
  const tensor = (info: TensorInfo) => tf.engine().makeTensorFromTensorInfo(info);

  return {
    sgd(parameters, momentumBuffers, gradients, options) {
      const { learningRate, momentum, dampening, nesterov, weightDecay, first } = options;
      const values = parameters.read();
      const buffers = momentumBuffers?.read();
      for (const name of parameters.names) {
        const value = values[name]!;
        const gradient = gradientOf(gradients, name);
        if (!momentumBuffers) {
          const [next] = outputs(value, 1) as [TensorInfo];
          heap.call.sgd(1, value.size, ...pointers(value, gradient, next), learningRate, weightDecay);
          parameters.assign(name, tensor(next));
          continue;
        }
        const [next, nextBuffer] = outputs(value, 2) as [TensorInfo, TensorInfo];
        heap.call.sgdMomentum(
          1,
          value.size,
          ...pointers(value, gradient, buffers![name]!, next, nextBuffer),
          ...[learningRate, weightDecay],
          ...(first ? [0, 1] : [momentum, 1 - dampening]),
          ...(nesterov ? [1, momentum] : [0, 1]),
        );
        parameters.assign(name, tensor(next));
        momentumBuffers.assign(name, tensor(nextBuffer));
      }
    },
    adam(parameters, moments, gradients, options) {
      const { step, learningRate, betas, epsilon, weightDecay, decoupled } = options;
      const [beta1, beta2] = betas;
      const values = parameters.read();
      const means = moments.first.read();
      const squares = moments.second.read();
      for (const name of parameters.names) {
        const value = values[name]!;
        const [next, mean, square] = outputs(value, 3) as [TensorInfo, TensorInfo, TensorInfo];
        heap.call.adam(
          1,
          value.size,
          ...pointers(value, gradientOf(gradients, name), means[name]!, squares[name]!, next, mean, square),
          ...(decoupled ? [0, 1 - learningRate * weightDecay] : [weightDecay, 1]),
          ...[beta1, 1 - beta1, beta2, 1 - beta2],
          ...[learningRate / (1 - beta1 ** step), Math.sqrt(1 - beta2 ** step), epsilon],
        );
        parameters.assign(name, tensor(next));
        moments.first.assign(name, tensor(mean));
        moments.second.assign(name, tensor(square));
      }
    },
  };
}
