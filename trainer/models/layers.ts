/** The layers with a state: each declares its entries and applies them. */
import type { Tensor } from '../backend/ops.js';
import { constant, kaimingNormal, uniform } from './initializers.js';
import type { ForwardContext, Layer, StateEntry } from './model.js';

function tensorOf(context: ForwardContext, name: string): Tensor {
  const tensor = context.tensors[name];
  if (tensor === undefined) throw new Error(`forward pass: no tensor ${name} was given`);
  return tensor;
}

/** Conv2d without bias, zero padding (kernel - 1) / 2: x [N,H,W,input] → [N,H',W',output]. */
export function convolution(
  name: string,
  options: { input: number; output: number; kernel: number; stride: number },
): Layer {
  const { input, output, kernel, stride } = options;
  const filter: StateEntry = {
    name: `${name}.weight`,
    role: 'parameter',
    shape: [kernel, kernel, input, output],
    layout: 'HWIO',
    initialize: kaimingNormal(output * kernel * kernel),
  };
  return {
    entries: [filter],
    forward: (x, context) =>
      context.ops.conv2d(x, tensorOf(context, filter.name), { stride, padding: (kernel - 1) / 2 }),
  };
}

/** BatchNorm2d with PyTorch's momentum 0.1 and epsilon 1e-5, and a ReLU on it if wanted. */
export function batchNorm(name: string, channels: number, options: { relu: boolean }): Layer {
  const vector = (part: string, role: StateEntry['role'], value: number): StateEntry => ({
    name: `${name}.${part}`,
    role,
    shape: role === 'counter' ? [] : [channels],
    layout: 'plain',
    initialize: constant(value),
  });
  const mean = `${name}.running_mean`;
  const variance = `${name}.running_var`;
  return {
    entries: [
      vector('weight', 'parameter', 1),
      vector('bias', 'parameter', 0),
      vector('running_mean', 'buffer', 0),
      vector('running_var', 'buffer', 1),
      vector('num_batches_tracked', 'counter', 0),
    ],
    forward(x, context) {
      const tensors = {
        scale: tensorOf(context, `${name}.weight`),
        offset: tensorOf(context, `${name}.bias`),
        runningMean: tensorOf(context, mean),
        runningVariance: tensorOf(context, variance),
      };
      const { training, onRunning } = context;
      if (onRunning === undefined) return context.ops.batchNorm(x, tensors, { training, relu: options.relu });
      return context.ops.batchNorm(x, tensors, {
        training,
        relu: options.relu,
        onRunning(newMean, newVariance) {
          onRunning(mean, newMean);
          onRunning(variance, newVariance);
        },
      });
    },
  };
}

/** Linear with bias: x [N, input] → [N, output]. */
export function linear(name: string, input: number, output: number): Layer {
  const initialize = uniform(1 / Math.sqrt(input));
  const entry = (part: string, shape: number[]): StateEntry => ({
    name: `${name}.${part}`,
    role: 'parameter',
    shape,
    layout: 'plain',
    initialize,
  });
  return {
    entries: [entry('weight', [output, input]), entry('bias', [output])],
    forward: (x, context) =>
      context.ops.linear(x, tensorOf(context, `${name}.weight`), tensorOf(context, `${name}.bias`)),
  };
}

/** One after the other. */
export function sequential(layers: readonly Layer[]): Layer {
  return {
    entries: layers.flatMap(layer => layer.entries),
    forward: (x, context) => layers.reduce((value, layer) => layer.forward(value, context), x),
  };
}
