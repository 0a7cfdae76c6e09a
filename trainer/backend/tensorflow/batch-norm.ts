import type { Ops, Tensor, TensorFlow } from '../ops.js';
import { booleanAttribute, float32, floatAttribute, type Kernels, typeAttribute } from './kernels.js';

/**
 * Batch normalization by TensorFlow's fused kernels: one pass forward that also moves the running statistics,
 * one back; ReLU's gradient is taken from the output, so that the normalized values aren't kept beside it.
 */
export function createBatchNorm(tf: TensorFlow, kernels: Kernels): Ops['batchNorm'] {
  const relu = (x: Tensor) => kernels.run('Relu', [float32], [x]);

  return (input, tensors, { training, relu: rectify = false, momentum = 0.1, epsilon = 1e-5, onRunning }) => {
    const common = [
      float32,
      typeAttribute('U', 'float32'),
      floatAttribute('epsilon', epsilon),
      booleanAttribute('is_training', training),
    ];
    const normalize = tf.customGrad((...parts) => {
      const [x, scale, offset] = parts as Tensor[];
      const save = parts[3] as (saved: Tensor[]) => void;
      const [normalized, mean, variance, ...reserved] = kernels.runMany(
        'FusedBatchNormV3',
        [...common, floatAttribute('exponential_avg_factor', training ? momentum : 1)],
        [x!, scale!, offset!, tensors.runningMean, tensors.runningVariance],
        6,
      );
      if (training) onRunning?.(tf.keep(mean!), tf.keep(variance!));
      const y = rectify ? relu(normalized!) : normalized!;
      save([x!, scale!, ...reserved, ...(rectify ? [y] : [])]);
      return {
        value: y,
        gradFunc: (dy: Tensor, saved: Tensor[]) => {
          const [savedX, savedScale, reserve1, reserve2, reserve3, savedY] = saved as Tensor[];
          const gradient = savedY ? kernels.run('ReluGrad', [float32], [dy, savedY]) : dy;
          return kernels
            .runMany(
              'FusedBatchNormGradV3',
              common,
              [gradient, savedX!, savedScale!, reserve1!, reserve2!, reserve3!],
              5,
            )
            .slice(0, 3);
        },
      };
    });
    return normalize(input, tensors.scale, tensors.offset);
  };
}
