/** torchvision's MobileNetV3-Small (Howard et al. 2019, https://arxiv.org/abs/1905.02244). */
import { scaledChannels } from './channels.js';
import { classifier, headPool, type PooledHeadParameters, pooledFeatures } from './head.js';
import { constant, normal } from './initializers.js';
import { convolutionNorm, invertedResidual } from './inverted-residual.js';
import { linear, sequential, stateless } from './layers.js';
import type { Model, ModelInput } from './model.js';
import { type StemParameters, stemConvolution, stemPool } from './stem.js';

/** The parameters of contract/params/convnets.ts `mobilenetV3Small`. */
interface MobilenetParameters extends StemParameters, PooledHeadParameters {
  /** Multiplier of all channel counts. */
  width: number;
  stochasticDepth: number;
}

type Row = readonly [
  kernel: number,
  expanded: number,
  output: number,
  squeeze: boolean,
  activation: 'relu' | 'hardSwish',
  stride: number,
];

/** Table 2 of the paper. */
const rows: readonly Row[] = [
  [3, 16, 16, true, 'relu', 2],
  [3, 72, 24, false, 'relu', 2],
  [3, 88, 24, false, 'relu', 1],
  [5, 96, 40, true, 'hardSwish', 2],
  [5, 240, 40, true, 'hardSwish', 1],
  [5, 240, 40, true, 'hardSwish', 1],
  [5, 120, 48, true, 'hardSwish', 1],
  [5, 144, 48, true, 'hardSwish', 1],
  [5, 288, 96, true, 'hardSwish', 2],
  [5, 576, 96, true, 'hardSwish', 1],
  [5, 576, 96, true, 'hardSwish', 1],
];
const stemChannels = 16;
/** Channels of the last convolution, in those of the last block. */
const lastExpansion = 6;
const hiddenFeatures = 1024;
const norm = { momentum: 0.01, epsilon: 1e-3 };
/** Of both linear layers. */
const initialize = { weight: normal(0.01), bias: constant(0) };

export function mobilenetV3Small(parameters: MobilenetParameters, { channels, classes }: ModelInput): Model {
  const { width, stochasticDepth } = parameters;
  const stem = scaledChannels(stemChannels, width);
  let input = stem;
  const blocks = rows.map(([kernel, expansion, output, squeeze, activation, stride], index) => {
    const expanded = scaledChannels(expansion, width);
    const squeezed = scaledChannels(Math.floor(expanded / 4));
    const options = {
      ...{ input, expanded, output: scaledChannels(output, width), kernel, stride, activation, norm },
      ...(squeeze && { squeeze: { squeezed, activation: 'relu', gate: 'hardSigmoid' } as const }),
      dropRate: (stochasticDepth * index) / rows.length,
    };
    input = options.output;
    return invertedResidual(`features.${index + 1}`, options);
  });
  const last = lastExpansion * input;
  const hidden = scaledChannels(hiddenFeatures, width);
  const activation = 'hardSwish' as const;
  const stemOptions = { input: channels, output: stem, activation, norm, ...stemConvolution(parameters) };
  return sequential([
    convolutionNorm('features.0', stemOptions),
    stemPool(parameters),
    ...blocks,
    convolutionNorm(`features.${rows.length + 1}`, {
      ...{ input, output: last, kernel: 1, stride: 1, activation, norm },
    }),
    headPool(parameters),
    linear('classifier.0', pooledFeatures(last, parameters), hidden, initialize),
    stateless((x, { ops }) => ops.hardSwish(x)),
    classifier('classifier', {
      ...parameters,
      input: hidden,
      classes,
      place: 3,
      initialize: () => initialize,
    }),
  ]);
}
