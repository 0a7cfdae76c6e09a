/** Stem, stages of residual blocks and head: what all ResNets of this folder share. */
import { classifier, headPool, type PooledHeadParameters, pooledFeatures } from './head.js';
import { batchNorm, convolution, sequential } from './layers.js';
import type { Model, ModelInput } from './model.js';
import type { BlockKind } from './residual-blocks.js';
import { type StemParameters, stemConvolution, stemPool } from './stem.js';
import { stochasticDepthRate } from './stochastic-depth.js';

/** The parameters of contract/params/convnets.ts `resnet`. */
export interface ResnetParameters extends StemParameters, PooledHeadParameters {
  width: number;
  stochasticDepth: number;
}

/** `stages`: number of blocks of each; every stage but the first halves the image and doubles the width. */
export function residualNetwork(
  block: BlockKind,
  stages: readonly number[],
  parameters: ResnetParameters,
  { channels, classes }: ModelInput,
): Model {
  const { width } = parameters;
  const count = stages.reduce((sum, blocks) => sum + blocks, 0);
  let input = width;
  let place = 0;
  const blocks = stages.flatMap((blocksOfStage, stage) =>
    Array.from({ length: blocksOfStage }, (_, index) => {
      const options = {
        input,
        width: width * 2 ** stage,
        stride: stage > 0 && index === 0 ? 2 : 1,
        dropRate: stochasticDepthRate(parameters.stochasticDepth, place++, count),
      };
      input = options.width * block.expansion;
      return block.build(`layer${stage + 1}.${index}`, options);
    }),
  );
  return sequential([
    convolution('conv1', { input: channels, output: width, ...stemConvolution(parameters) }),
    batchNorm('bn1', width, { activation: 'relu' }),
    stemPool(parameters),
    ...blocks,
    headPool(parameters),
    classifier('fc', { ...parameters, input: pooledFeatures(input, parameters), classes }),
  ]);
}
