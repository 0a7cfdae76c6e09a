/** torchvision's DenseNet-121 (Huang et al. 2016, https://arxiv.org/abs/1608.06993): DenseNet-BC with compression 1/2. */
import { classifier, headPool, type PooledHeadParameters, pooledFeatures } from './head.js';
import { constant, kaimingNormal } from './initializers.js';
import { batchNorm, type ConvolutionOptions, convolution, sequential, stateless } from './layers.js';
import type { Layer, Model, ModelInput } from './model.js';
import { type StemParameters, stemConvolution, stemPool } from './stem.js';

/** The parameters of contract/params/convnets.ts `densenet121`. */
interface DensenetParameters extends StemParameters, PooledHeadParameters {
  /** Channels of the first convolution. */
  width: number;
  /** Channels that each dense layer adds. */
  growthRate: number;
}

/** Channels of the 1×1 convolution of a dense layer, in growth rates. */
const bottleneck = 4;

/** Conv2d without bias, initialized from its fan-in as torchvision's DenseNets are. */
const denseConvolution = (
  name: string,
  options: ConvolutionOptions & { input: number; output: number },
): Layer => convolution(name, { ...options, initialize: kaimingNormal(options.input * options.kernel ** 2) });

/** x [N,H,W,input] → the `growth` channels that are added to it. */
function denseLayer(name: string, input: number, growth: number): Layer {
  const inner = bottleneck * growth;
  return sequential([
    batchNorm(`${name}.norm1`, input, { activation: 'relu' }),
    denseConvolution(`${name}.conv1`, { input, output: inner, kernel: 1, stride: 1 }),
    batchNorm(`${name}.norm2`, inner, { activation: 'relu' }),
    denseConvolution(`${name}.conv2`, { input: inner, output: growth, kernel: 3, stride: 1 }),
  ]);
}

/** Each layer sees the block's input and what all layers before it have added. */
function denseBlock(name: string, layers: number, input: number, growth: number): Layer {
  const parts = Array.from({ length: layers }, (_, index) =>
    denseLayer(`${name}.denselayer${index + 1}`, input + index * growth, growth),
  );
  return {
    entries: parts.flatMap(layer => layer.entries),
    forward: (x, context) =>
      parts.reduce((seen, layer) => context.tf.concat([seen, layer.forward(seen, context)], 3), x),
  };
}

/** Halves channels and map. */
const transition = (name: string, input: number, output: number): Layer =>
  sequential([
    batchNorm(`${name}.norm`, input, { activation: 'relu' }),
    denseConvolution(`${name}.conv`, { input, output, kernel: 1, stride: 1 }),
    stateless((x, { ops }) => ops.averagePool(x, 2)),
  ]);

function densenet(
  blocks: readonly number[],
  parameters: DensenetParameters,
  { channels, classes }: ModelInput,
): Model {
  const { width, growthRate } = parameters;
  let features = width;
  const body = blocks.flatMap((layers, index) => {
    const block = denseBlock(`features.denseblock${index + 1}`, layers, features, growthRate);
    features += layers * growthRate;
    if (index === blocks.length - 1) return [block];
    const compressed = Math.floor(features / 2);
    const halving = transition(`features.transition${index + 1}`, features, compressed);
    features = compressed;
    return [block, halving];
  });
  const stem = { input: channels, output: width, ...stemConvolution(parameters) };
  return sequential([
    denseConvolution('features.conv0', stem),
    batchNorm('features.norm0', width, { activation: 'relu' }),
    stemPool(parameters),
    ...body,
    batchNorm('features.norm5', features, { activation: 'relu' }),
    headPool(parameters),
    classifier('classifier', {
      ...parameters,
      input: pooledFeatures(features, parameters),
      classes,
      initialize: () => ({ bias: constant(0) }),
    }),
  ]);
}

export const densenet121 = (parameters: DensenetParameters, input: ModelInput): Model =>
  densenet([6, 12, 24, 16], parameters, input);
