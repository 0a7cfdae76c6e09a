/** The layers with a state: each declares its entries and applies them. */
import type { Tensor } from '../backend/ops.js';
import { constant, type Initializer, kaimingNormal, uniform } from './initializers.js';
import type { ForwardContext, Layer, StateEntry } from './model.js';

/** A tensor of the forward pass by its state-dict name. */
export function tensorOf(context: ForwardContext, name: string): Tensor {
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

/** LayerNorm over the channels: x [.., channels] → the same shape. */
export function layerNorm(name: string, channels: number, epsilon: number): Layer {
  const vector = (part: string, value: number): StateEntry => ({
    name: `${name}.${part}`,
    role: 'parameter',
    shape: [channels],
    layout: 'plain',
    initialize: constant(value),
  });
  return {
    entries: [vector('weight', 1), vector('bias', 0)],
    forward: (x, context) =>
      context.ops.layerNorm(
        x,
        tensorOf(context, `${name}.weight`),
        tensorOf(context, `${name}.bias`),
        epsilon,
      ),
  };
}

/**
 * Linear with bias, by default initialized as in PyTorch: x [.., input] → [.., output]. `separator` stands between `name`
 * and the entries' own names.
 */
export function linear(
  name: string,
  input: number,
  output: number,
  {
    separator = '.',
    ...initialize
  }: { weight?: Initializer; bias?: Initializer; separator?: '.' | '_' } = {},
): Layer {
  const fanIn = uniform(1 / Math.sqrt(input));
  const nameOf = (part: string) => `${name}${separator}${part}`;
  const entry = (part: 'weight' | 'bias', shape: number[]): StateEntry => ({
    name: nameOf(part),
    role: 'parameter',
    shape,
    layout: 'plain',
    initialize: initialize[part] ?? fanIn,
  });
  return {
    entries: [entry('weight', [output, input]), entry('bias', [output])],
    forward: (x, context) =>
      context.ops.linear(x, tensorOf(context, nameOf('weight')), tensorOf(context, nameOf('bias'))),
  };
}

/** One after the other. */
export function sequential(layers: readonly Layer[]): Layer {
  return {
    entries: layers.flatMap(layer => layer.entries),
    forward: (x, context) => layers.reduce((value, layer) => layer.forward(value, context), x),
  };
}

/** A layer without a state. */
export const stateless = (forward: Layer['forward']): Layer => ({ entries: [], forward });
