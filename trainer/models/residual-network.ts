/** Stem, stages of residual blocks and head: what all ResNets of this folder share. */
import { classifier } from './head.js';
import { batchNorm, convolution, sequential } from './layers.js';
import type { Layer, Model, ModelInput } from './model.js';
import type { BlockKind } from './residual-blocks.js';

/** The parameters of contract/params.ts `models`. */
export interface ResnetParameters {
  width: number;
  stemKernel: number;
  stemStride: number;
  stemPool: 'max' | 'adaptiveMax' | 'none';
  stemPoolSize: number;
  dropout: number;
  hiddenLayers: readonly number[];
}

function stemPool({ stemPool, stemPoolSize }: ResnetParameters): Layer[] {
  if (stemPool === 'none') return [];
  if (stemPool === 'max')
    return [{ entries: [], forward: (x, { ops }) => ops.maxPool(x, { size: 3, stride: 2, padding: 1 }) }];
  return [{ entries: [], forward: (x, { ops }) => ops.adaptiveMaxPool(x, stemPoolSize) }];
}

const averagePool: Layer = { entries: [], forward: (x, { ops }) => ops.globalAveragePool(x) };

/** `stages`: number of blocks of each; every stage but the first halves the image and doubles the width. */
export function residualNetwork(
  block: BlockKind,
  stages: readonly number[],
  parameters: ResnetParameters,
  { channels, classes }: ModelInput,
): Model {
  const { width, stemKernel, stemStride, hiddenLayers, dropout } = parameters;
  let input = width;
  const blocks = stages.flatMap((count, stage) =>
    Array.from({ length: count }, (_, index) => {
      const options = { input, width: width * 2 ** stage, stride: stage > 0 && index === 0 ? 2 : 1 };
      input = options.width * block.expansion;
      return block.build(`layer${stage + 1}.${index}`, options);
    }),
  );
  return sequential([
    convolution('conv1', { input: channels, output: width, kernel: stemKernel, stride: stemStride }),
    batchNorm('bn1', width, { relu: true }),
    ...stemPool(parameters),
    ...blocks,
    averagePool,
    classifier('fc', { input, classes, hiddenLayers, dropout }),
  ]);
}
