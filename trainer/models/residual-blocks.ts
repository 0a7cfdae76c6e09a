/** The two residual blocks of He et al. 2015, as torchvision names and builds them. */
import { batchNorm, convolution, sequential } from './layers.js';
import type { Layer } from './model.js';
import { stochasticDepth } from './stochastic-depth.js';

interface BlockOptions {
  input: number;
  /** Channels of the 3×3 convolutions. */
  width: number;
  stride: number;
  /** Probability of leaving the block's convolutions out. */
  dropRate: number;
}

export interface BlockKind {
  /** Output channels = width × expansion. */
  expansion: number;
  build(name: string, options: BlockOptions): Layer;
}

/** Convolution and batch norm `number` of the block. */
function convolutionNorm(
  block: string,
  number: number,
  options: { input: number; output: number; kernel: number; stride: number; activation?: 'relu' },
): Layer {
  return sequential([
    convolution(`${block}.conv${number}`, options),
    batchNorm(`${block}.bn${number}`, options.output, { activation: options.activation }),
  ]);
}

/** relu(body(x) + shortcut(x)); the shortcut is a 1×1 convolution where shapes differ, else x itself. */
function residual(
  name: string,
  body: Layer,
  options: { input: number; output: number; stride: number; dropRate: number },
): Layer {
  const same = options.stride === 1 && options.input === options.output;
  const shortcut = same
    ? undefined
    : sequential([
        convolution(`${name}.downsample.0`, { ...options, kernel: 1 }),
        batchNorm(`${name}.downsample.1`, options.output),
      ]);
  const branch = sequential([body, stochasticDepth(name, options.dropRate)]);
  return {
    entries: [...body.entries, ...(shortcut?.entries ?? [])],
    forward: (x, context) =>
      context.ops.addRelu(branch.forward(x, context), shortcut ? shortcut.forward(x, context) : x),
  };
}

/** Two 3×3 convolutions: ResNet-18 and ResNet-34. */
export const basicBlock: BlockKind = {
  expansion: 1,
  build(name, { input, width, stride, dropRate }) {
    const body = sequential([
      convolutionNorm(name, 1, { input, output: width, kernel: 3, stride, activation: 'relu' }),
      convolutionNorm(name, 2, { input: width, output: width, kernel: 3, stride: 1 }),
    ]);
    return residual(name, body, { input, output: width, stride, dropRate });
  },
};

/** 1×1, 3×3 (with the stride: "ResNet v1.5"), 1×1 to four times the width: ResNet-50. */
export const bottleneckBlock: BlockKind = {
  expansion: 4,
  build(name, { input, width, stride, dropRate }) {
    const output = 4 * width;
    const body = sequential([
      convolutionNorm(name, 1, { input, output: width, kernel: 1, stride: 1, activation: 'relu' }),
      convolutionNorm(name, 2, { input: width, output: width, kernel: 3, stride, activation: 'relu' }),
      convolutionNorm(name, 3, { input: width, output, kernel: 1, stride: 1 }),
    ]);
    return residual(name, body, { input, output, stride, dropRate });
  },
};
