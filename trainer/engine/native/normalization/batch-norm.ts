import { customGradient } from '../../custom-gradient.js';
import type { BatchNormOptions, BatchNormTensors, Ops, Tensor, TensorFlow } from '../../ops.js';
import { reportRunning, valuesPerChannel } from '../../running-statistics.js';
import { createChains } from '../chains.js';
import {
  booleanAttribute,
  float32,
  floatAttribute,
  type Kernels,
  nativeBackend,
  typeAttribute,
} from '../kernels.js';

/** Columns up to which rows are laid side by side: more of them take the kernel longer (measured on one core). */
const mostColumns = 512;
const fewestRows = 16;

/** In how many interleaved groups the rows are summed: a power of 2 that divides them. */
function groupsOf(rows: number, channels: number): number {
  let groups = 1;
  while (
    rows % (2 * groups) === 0 &&
    2 * groups * channels <= mostColumns &&
    rows / (2 * groups) >= fewestRows
  )
    groups *= 2;
  return groups;
}

/** What a forward pass gives, and its statistics in the form that the gradient's kernel asks for. */
interface Normalized {
  y: Tensor;
  reserved: Tensor[];
}

/**
 * Batch normalization by TensorFlow's fused kernels; ReLU's gradient is taken from the output, so that the normalized
 * values aren't kept beside it.
 *
 * The kernel adds up a channel's squares one after the other, which makes the variance of many values wrong by up to
 * 1e-5 of it: enough to flip units of deep ReLU networks. On a CPU it therefore gets groups of rows as if they were
 * channels, whose statistics are then put together (Chan et al. 1979), and is run once more with those.
 */
export function createBatchNorm(tf: TensorFlow, kernels: Kernels): Ops['batchNorm'] {
  const { isUsingGpuDevice } = nativeBackend(tf);
  const chains = createChains(tf);
  const relu = (x: Tensor) => kernels.run('Relu', [float32], [x]);
  const attributes = (epsilon: number, training: boolean) => [
    float32,
    typeAttribute('U', 'float32'),
    floatAttribute('epsilon', epsilon),
    booleanAttribute('is_training', training),
  ];
  /** `share`: of the batch in the running statistics that it gives. */
  const fused = (inputs: Tensor[], epsilon: number, training: boolean, share: number) =>
    kernels.runMany(
      'FusedBatchNormV3',
      [...attributes(epsilon, training), floatAttribute('exponential_avg_factor', share)],
      inputs,
      6,
    );

  /** Mean and biased variance of each channel. */
  function statistics(x: Tensor, groups: number, epsilon: number) {
    const channels = x.shape.at(-1)!;
    const [mean, variance] = chains([x], (chain, [xId]) => {
      const rows = chain.reshape(xId!, [-1, 1, 1, groups * channels]);
      const columns = chain.filled([groups * channels], 0);
      const inputs = [rows, columns, columns, columns, columns];
      const [, , , means, variances] = chain.runMany(
        'FusedBatchNormV3',
        inputs,
        attributes(epsilon, true),
        6,
      );
      const share = chain.filled([1, groups], 1 / groups);
      const average = (ofGroups: number) => chain.run('MatMul', [share, ofGroups]);
      const meansOfGroups = chain.reshape(means!, [groups, channels]);
      const mean = average(meansOfGroups);
      const spread = chain.run('SquaredDifference', [meansOfGroups, mean]);
      const within = chain.reshape(variances!, [groups, channels]);
      const variance = average(chain.run('AddV2', [within, spread]));
      return [chain.reshape(mean, [channels]), chain.reshape(variance, [channels])];
    });
    return { mean: mean!, variance: variance! };
  }

  function forward(
    [x, scale, offset]: Tensor[],
    running: BatchNormTensors,
    options: Required<Pick<BatchNormOptions, 'training' | 'momentum' | 'epsilon'>> & BatchNormOptions,
  ): Normalized {
    const { training, momentum, epsilon, onRunning } = options;
    const count = training ? valuesPerChannel(x!) : x!.size / x!.shape.at(-1)!;
    const groups = isUsingGpuDevice || !training ? 1 : groupsOf(count, x!.shape.at(-1)!);
    if (groups > 1) {
      const { mean, variance } = statistics(x!, groups, epsilon);
      reportRunning(tf, { mean, variance, count }, running, options);
      const [y, , , , , unused] = fused([x!, scale!, offset!, mean, variance], epsilon, false, 1);
      return { y: y!, reserved: [mean, variance, unused!] };
    }
    const inputs = [x!, scale!, offset!, running.runningMean, running.runningVariance];
    const [y, mean, variance, ...reserved] = fused(inputs, epsilon, training, training ? momentum : 1);
    if (training) onRunning?.(tf.keep(mean!), tf.keep(variance!));
    return { y: y!, reserved };
  }

  return (input, tensors, { training, relu: rectify = false, momentum = 0.1, epsilon = 1e-5, ...report }) => {
    const normalize = customGradient(tf, (...parts) => {
      const save = parts[3] as (saved: Tensor[]) => void;
      const options = { training, momentum, epsilon, ...report };
      const [x, scale] = parts as Tensor[];
      const { y: normalized, reserved } = forward(parts as Tensor[], tensors, options);
      const y = rectify ? relu(normalized) : normalized;
      save([x!, scale!, ...reserved, ...(rectify ? [y] : [])]);
      return {
        value: y,
        gradFunc: (dy: Tensor, saved: Tensor[]) => {
          const [savedX, savedScale, reserve1, reserve2, reserve3, savedY] = saved as Tensor[];
          const gradient = savedY ? kernels.run('ReluGrad', [float32], [dy, savedY]) : dy;
          const inputs = [gradient, savedX!, savedScale!, reserve1!, reserve2!, reserve3!];
          return kernels
            .runMany('FusedBatchNormGradV3', attributes(epsilon, training), inputs, 5)
            .slice(0, 3);
        },
      };
    });
    return normalize(input, tensors.scale, tensors.offset);
  };
}
