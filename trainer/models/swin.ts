/** torchvision's Swin transformers (Liu et al. 2021, https://arxiv.org/abs/2103.14030). */
import { dropout } from './dropout.js';
import { classifier } from './head.js';
import { constant, truncatedNormal, uniform } from './initializers.js';
import { layerNorm, sequential } from './layers.js';
import type { Layer, Model, ModelInput } from './model.js';
import { patchMerging } from './patch-merging.js';
import { stochasticDepth, stochasticDepthRate } from './stochastic-depth.js';
import {
  meanOfTokens,
  mlp,
  patchEmbedding,
  residual,
  type TransformerParameters,
} from './transformer-parts.js';
import { windowAttention } from './window-attention.js';

export interface SwinParameters extends TransformerParameters {
  embedDim: number;
  depths: readonly number[];
  heads: readonly number[];
  windowSize: number;
  mlpRatio: number;
}

const epsilon = 1e-5;
const initialize = () => ({ weight: truncatedNormal(0.02), bias: constant(0) });

/** One block on a map of size × size tokens: [N, size², width] → the same shape. */
function swinBlock(
  name: string,
  options: { width: number; heads: number; size: number; shifted: boolean; rate: number },
  parameters: SwinParameters,
): Layer {
  const { width, rate } = options;
  return sequential([
    residual(
      sequential([
        layerNorm(`${name}.norm1`, width, epsilon),
        windowAttention(`${name}.attn`, options, parameters),
        dropout(`${name}.attn`, parameters.dropout),
        stochasticDepth(`${name}.attn`, rate),
      ]),
    ),
    residual(
      sequential([
        layerNorm(`${name}.norm2`, width, epsilon),
        mlp(`${name}.mlp`, {
          ...{ width, hidden: Math.floor(width * parameters.mlpRatio), dropout: parameters.dropout },
          initialize,
        }),
        stochasticDepth(`${name}.mlp`, rate),
      ]),
    ),
  ]);
}

export function swin(parameters: SwinParameters, { channels, classes, imageSize }: ModelInput): Model {
  const { patchSize, embedDim, depths, heads } = parameters;
  const count = depths.reduce((sum, depth) => sum + depth, 0);
  const bound = uniform(1 / Math.sqrt(patchSize * patchSize * channels));
  const layers: Layer[] = [
    patchEmbedding('features.0.0', {
      ...{ input: channels, output: embedDim, patch: patchSize },
      ...{ weight: bound, bias: bound },
    }),
    layerNorm('features.0.2', embedDim, epsilon),
  ];
  let size = imageSize / patchSize;
  let width = embedDim;
  let before = 0;
  for (const [stage, depth] of depths.entries()) {
    if (stage > 0) {
      layers.push(patchMerging(`features.${2 * stage}`, width, size));
      size = Math.ceil(size / 2);
      width *= 2;
    }
    for (let index = 0; index < depth; index++) {
      const rate = stochasticDepthRate(parameters.stochasticDepth, before++, count);
      const options = { width, heads: heads[stage]!, size, shifted: index % 2 === 1, rate };
      layers.push(swinBlock(`features.${2 * stage + 1}.${index}`, options, parameters));
    }
  }
  return sequential([
    ...layers,
    layerNorm('norm', width, epsilon),
    meanOfTokens,
    classifier('head', {
      ...{ input: width, classes, hiddenLayers: parameters.hiddenLayers },
      dropout: parameters.headDropout,
      initialize,
    }),
  ]);
}
