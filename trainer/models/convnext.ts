/** timm's small ConvNeXts (Liu et al. 2022, https://arxiv.org/abs/2201.03545; sizes by R. Wightman), with timm's names. */
import { classifier, headPool, type PooledHeadParameters, pooledFeatures } from './head.js';
import { constant, normal } from './initializers.js';
import { convolution, depthwiseConvolution, layerNorm, scale, sequential, stateless } from './layers.js';
import type { Layer, Model, ModelInput } from './model.js';
import { type StemParameters, stemConvolution, stemPool } from './stem.js';
import { stochasticDepth, stochasticDepthRate } from './stochastic-depth.js';

/** The parameters of contract/params/convnets.ts `convnext`. */
interface ConvnextParameters extends StemParameters, PooledHeadParameters {
  /** Channels of the first stage; every other one doubles them. */
  width: number;
  stochasticDepth: number;
}

const depths = [2, 2, 6, 2] as const;
const depthwiseKernel = 7;
/** Channels between the two 1×1 convolutions of a block, in its own. */
const expansion = 4;
const epsilon = 1e-6;
/** Layer scale (Touvron et al. 2021): a block starts almost as the identity. */
const initialScale = 1e-6;
/** timm cuts this normal distribution off at ±2, which is 100 standard deviations. */
const initialize = normal(0.02);

/** Depthwise 7×7, layer norm, two 1×1 convolutions with GELU between them; x is added. */
function block(name: string, channels: number, dropRate: number): Layer {
  const inner = expansion * channels;
  const pixel = { kernel: 1, stride: 1, bias: true, initialize };
  const body = sequential([
    depthwiseConvolution(`${name}.conv_dw`, {
      ...{ channels, kernel: depthwiseKernel, stride: 1, bias: true, initialize },
    }),
    layerNorm(`${name}.norm`, channels, epsilon),
    convolution(`${name}.mlp.fc1`, { input: channels, output: inner, ...pixel }),
    stateless((x, { ops }) => ops.gelu(x)),
    convolution(`${name}.mlp.fc2`, { input: inner, output: channels, ...pixel }),
  ]);
  const layerScale = scale(`${name}.gamma`, channels, initialScale);
  const branch = sequential([body, layerScale, stochasticDepth(name, dropRate)]);
  return {
    // In the reference the block's own parameter comes before those of its layers.
    entries: [...layerScale.entries, ...body.entries],
    forward: (x, context) => context.tf.add(branch.forward(x, context), x),
  };
}

/** `convnextAtto` and `convnextPico` differ in the default of `width` alone. */
export function convnext(parameters: ConvnextParameters, { channels, classes }: ModelInput): Model {
  const { width } = parameters;
  const count = depths.reduce((sum, depth) => sum + depth, 0);
  let place = 0;
  const stages = depths.flatMap((depth, stage) => {
    const output = width * 2 ** stage;
    const name = `stages.${stage}`;
    const halving = [
      layerNorm(`${name}.downsample.0`, output / 2, epsilon),
      convolution(`${name}.downsample.1`, {
        ...{ input: output / 2, output, kernel: 2, stride: 2, padding: 0, bias: true, initialize },
      }),
    ];
    const blocks = Array.from({ length: depth }, (_, index) => {
      const rate = stochasticDepthRate(parameters.stochasticDepth, place++, count);
      return block(`${name}.blocks.${index}`, output, rate);
    });
    return stage === 0 ? blocks : [...halving, ...blocks];
  });
  const features = pooledFeatures(width * 2 ** (depths.length - 1), parameters);
  const stem = { input: channels, output: width, bias: true, initialize };
  return sequential([
    convolution('stem.0', { ...stem, ...stemConvolution(parameters) }),
    layerNorm('stem.1', width, epsilon),
    stemPool(parameters),
    ...stages,
    headPool(parameters),
    layerNorm('head.norm', features, epsilon),
    classifier('head.fc', {
      ...parameters,
      input: features,
      classes,
      initialize: () => ({ weight: initialize, bias: constant(0) }),
    }),
  ]);
}
