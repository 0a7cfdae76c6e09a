/** torchvision's EfficientNet-B0 (Tan & Le 2019, https://arxiv.org/abs/1905.11946). */
import { scaledChannels } from './channels.js';
import { classifier, headPool, type PooledHeadParameters, pooledFeatures } from './head.js';
import { constant, uniform } from './initializers.js';
import { convolutionNorm, invertedResidual } from './inverted-residual.js';
import { sequential } from './layers.js';
import type { Model, ModelInput } from './model.js';
import { type StemParameters, stemConvolution, stemPool } from './stem.js';

/** The parameters of contract/params/convnets.ts `efficientnetB0`. */
interface EfficientnetParameters extends StemParameters, PooledHeadParameters {
  /** Multiplier of all channel counts. */
  width: number;
  stochasticDepth: number;
}

interface Stage {
  /** Channels of the depthwise convolutions, in input channels. */
  expansion: number;
  kernel: number;
  stride: number;
  output: number;
  blocks: number;
}

/** Table 1 of the paper. */
const stages: readonly Stage[] = [
  { expansion: 1, kernel: 3, stride: 1, output: 16, blocks: 1 },
  { expansion: 6, kernel: 3, stride: 2, output: 24, blocks: 2 },
  { expansion: 6, kernel: 5, stride: 2, output: 40, blocks: 2 },
  { expansion: 6, kernel: 3, stride: 2, output: 80, blocks: 3 },
  { expansion: 6, kernel: 5, stride: 1, output: 112, blocks: 3 },
  { expansion: 6, kernel: 5, stride: 2, output: 192, blocks: 4 },
  { expansion: 6, kernel: 3, stride: 1, output: 320, blocks: 1 },
];
const stemChannels = 32;
/** Channels of the last convolution, in those of the last stage. */
const lastExpansion = 4;
const norm = {};

export function efficientnetB0(parameters: EfficientnetParameters, { channels, classes }: ModelInput): Model {
  const { width, stochasticDepth } = parameters;
  const blockCount = stages.reduce((sum, { blocks }) => sum + blocks, 0);
  const stem = scaledChannels(stemChannels, width);
  let input = stem;
  let place = 0;
  const blocks = stages.flatMap(({ expansion, kernel, stride, output, blocks }, stage) =>
    Array.from({ length: blocks }, (_, index) => {
      const options = {
        input,
        expanded: scaledChannels(input * expansion),
        output: scaledChannels(output, width),
        kernel,
        stride: index === 0 ? stride : 1,
        activation: 'silu' as const,
        norm,
        squeeze: {
          squeezed: Math.max(1, Math.floor(input / 4)),
          activation: 'silu' as const,
          gate: 'sigmoid' as const,
        },
        dropRate: (stochasticDepth * place++) / blockCount,
      };
      input = options.output;
      return invertedResidual(`features.${stage + 1}.${index}`, options);
    }),
  );
  const last = lastExpansion * input;
  const activation = 'silu' as const;
  const stemOptions = { input: channels, output: stem, activation, norm, ...stemConvolution(parameters) };
  return sequential([
    convolutionNorm('features.0', stemOptions),
    stemPool(parameters),
    ...blocks,
    convolutionNorm(`features.${stages.length + 1}`, {
      ...{ input, output: last, kernel: 1, stride: 1, activation, norm },
    }),
    headPool(parameters),
    classifier('classifier', {
      ...parameters,
      input: pooledFeatures(last, parameters),
      classes,
      place: 1,
      initialize: outputs => ({ weight: uniform(1 / Math.sqrt(outputs)), bias: constant(0) }),
    }),
  ]);
}
