import { adaptiveWindows } from '../adaptive-windows.js';
import type { Ops, Tensor, TensorFlow } from '../ops.js';
import { createGenericOps } from '../reference/generic-ops.js';
import { reportRunning, valuesPerChannel } from '../running-statistics.js';
import type { Windows } from './kernels/pooling-kernels.js';

/** The operations on our own kernels where those are faster. */
export function createWasmOps(tf: TensorFlow): Ops {
  const generic = createGenericOps(tf);
  const run = (name: string, inputs: Record<string, Tensor>, attributes = {}) =>
    tf.engine().runKernel(name, inputs, attributes) as Tensor;
  const windowMaximum = (x: Tensor, windows: Windows) => run('WindowMaximum', { x }, windows);

  return {
    ...generic,
    relu: x => run('FusedRelu', { x }),
    silu: x => (tf.engine().runKernel('FusedSilu', { x }) as Tensor[])[0]!,
    hardSwish: x => run('FusedHardSwish', { x }),
    addRelu(x, y) {
      if (!tf.util.arraysEqual(x.shape, y.shape))
        throw new Error(`addRelu: shapes [${x.shape}] and [${y.shape}] differ`);
      return run('FusedAddRelu', { x, y });
    },
    batchNorm(x, tensors, options) {
      const { scale, offset, runningMean, runningVariance } = tensors;
      const attributes = { epsilon: options.epsilon ?? 1e-5, relu: options.relu ?? false };
      if (!options.training) {
        // The fused kernel has no gradient.
        if (tf.engine().isTapeOn()) return generic.batchNorm(x, tensors, options);
        const inputs = { x, scale, offset, mean: runningMean, variance: runningVariance };
        return run('BatchNormInference', inputs, attributes);
      }
      const count = valuesPerChannel(x);
      const outputs: Tensor[] = tf.engine().runKernel('BatchNormTraining', { x, scale, offset }, attributes);
      const [y, mean, variance] = outputs as [Tensor, Tensor, Tensor];
      reportRunning(tf, { mean, variance, count }, tensors, options);
      return y;
    },
    layerNorm(x, scale, offset, epsilon) {
      const [y] = tf
        .engine()
        .runKernel('LayerNorm', { x, scale, offset }, { epsilon }) as unknown as Tensor[];
      return y!;
    },
    gelu: x => run('Gelu', { x }),
    maxPool(x, { size, stride, padding }) {
      const windows = (length: number) =>
        Array.from({ length: Math.floor((length + 2 * padding - size) / stride) + 1 }, (_, index) => {
          const start = index * stride - padding;
          return [Math.max(0, start), Math.min(length, start + size)] as [number, number];
        });
      return windowMaximum(x, { rows: windows(x.shape[1]!), columns: windows(x.shape[2]!) });
    },
    adaptiveMaxPool: (x, size) =>
      windowMaximum(x, {
        rows: adaptiveWindows(x.shape[1]!, size),
        columns: adaptiveWindows(x.shape[2]!, size),
      }),
    globalAveragePool: x => run('PixelMean', { x }),
  };
}
