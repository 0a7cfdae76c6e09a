/** The layers with a state: each declares its entries and applies them. */
import type { BatchNormOptions, Tensor } from '../engine/ops.js';
import { constant, type Initializer, kaimingNormal, uniform } from './initializers.js';
import type { ForwardContext, Layer, StateEntry } from './model.js';

/** A tensor of the forward pass by its state-dict name. */
export function tensorOf(context: ForwardContext, name: string): Tensor {
  const tensor = context.tensors[name];
  if (tensor === undefined) throw new Error(`forward pass: no tensor ${name} was given`);
  return tensor;
}

/** x + `${name}.bias`, a number for each channel. */
function channelBias(name: string, channels: number): Layer {
  const bias: StateEntry = {
    name: `${name}.bias`,
    role: 'parameter',
    shape: [channels],
    layout: 'plain',
    initialize: constant(0),
  };
  return {
    entries: [bias],
    forward: (x, context) => context.ops.addBias(x, tensorOf(context, bias.name)),
  };
}

export interface ConvolutionOptions {
  kernel: number;
  stride: number;
  /** Zeros on each side; (kernel - 1) / 2 if left out. */
  padding?: number;
  /** One that starts at 0. */
  bias?: boolean;
}

/** Conv2d, by default without bias and initialized for ReLU from its fan-out: x [N,H,W,input] → [N,H',W',output]. */
export function convolution(
  name: string,
  options: ConvolutionOptions & { input: number; output: number; initialize?: Initializer },
): Layer {
  const { input, output, kernel, stride, padding = (kernel - 1) / 2 } = options;
  const filter: StateEntry = {
    name: `${name}.weight`,
    role: 'parameter',
    shape: [kernel, kernel, input, output],
    layout: 'HWIO',
    initialize: options.initialize ?? kaimingNormal(output * kernel * kernel),
  };
  const convolve: Layer = {
    entries: [filter],
    forward: (x, context) => context.ops.conv2d(x, tensorOf(context, filter.name), { stride, padding }),
  };
  return options.bias ? sequential([convolve, channelBias(name, output)]) : convolve;
}

/** Conv2d with a filter of its own for each channel (`groups` = channels): x [N,H,W,C] → [N,H',W',C]. */
export function depthwiseConvolution(
  name: string,
  options: ConvolutionOptions & { channels: number; initialize: Initializer },
): Layer {
  const { channels, kernel, stride, padding = (kernel - 1) / 2, initialize } = options;
  const filter: StateEntry = {
    name: `${name}.weight`,
    role: 'parameter',
    shape: [kernel, kernel, channels, 1],
    layout: 'depthwise',
    initialize,
  };
  const convolve: Layer = {
    entries: [filter],
    forward: (x, context) =>
      context.ops.depthwiseConv2d(x, tensorOf(context, filter.name), { stride, padding }),
  };
  return options.bias ? sequential([convolve, channelBias(name, channels)]) : convolve;
}

export type Activation = 'relu' | 'silu' | 'hardSwish';

/** BatchNorm2d, by default with PyTorch's momentum 0.1 and epsilon 1e-5, and an activation on it if wanted. */
export function batchNorm(
  name: string,
  channels: number,
  {
    activation,
    ...settings
  }: Pick<BatchNormOptions, 'momentum' | 'epsilon'> & { activation?: Activation | undefined } = {},
): Layer {
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
      const { ops, onRunning, frozen } = context;
      const training = context.training && ![mean, variance].some(name => frozen?.has(name));
      const options = { ...settings, training, relu: activation === 'relu' };
      const report = onRunning && {
        onRunning(newMean: Tensor, newVariance: Tensor) {
          onRunning(mean, newMean);
          onRunning(variance, newVariance);
        },
      };
      const y = ops.batchNorm(x, tensors, { ...options, ...report });
      return activation === undefined || activation === 'relu' ? y : ops[activation](y);
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

/** A factor for each channel: x [.., channels] → the same shape. */
export function scale(name: string, channels: number, initial: number): Layer {
  const factor: StateEntry = {
    name,
    role: 'parameter',
    shape: [channels],
    layout: 'plain',
    initialize: constant(initial),
  };
  return {
    entries: [factor],
    forward: (x, context) => context.tf.mul(x, tensorOf(context, name)),
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
