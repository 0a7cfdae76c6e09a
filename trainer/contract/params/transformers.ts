/** Vision transformers by name with their parameters, and the image sizes that they can take. */
import { integer, number, type Parameters, type Schema } from '../schema.js';
import { belowOne } from './bounds.js';
import { hiddenLayers } from './head.js';

const regularization = (stochasticDepth: number): Parameters => ({
  dropout: number(0, belowOne, 'Dropout after the embedding and after each part of a block'),
  attentionDropout: number(0, belowOne, 'Dropout of the attention weights'),
  stochasticDepth: number(
    stochasticDepth,
    belowOne,
    'Probability that an image skips the last block; grows linearly from 0 in the first one',
  ),
});

const head: Parameters = {
  headDropout: number(0, belowOne, 'Dropout before each linear layer of the head'),
  hiddenLayers,
};

const patchSize = (value: number): Schema =>
  integer(
    value,
    { minimum: 1 },
    'Height and width of the patches that become tokens; divides the image size',
  );

/** Dosovitskiy et al. 2020; widths in PyTorch's terms. */
const vit = (shape: {
  patchSize: number;
  layers: number;
  heads: number;
  hiddenDim: number;
  mlpDim: number;
}): Parameters => ({
  patchSize: patchSize(shape.patchSize),
  layers: integer(shape.layers, { minimum: 1, maximum: 100 }, 'Number of encoder blocks'),
  heads: integer(shape.heads, { minimum: 1 }, 'Attention heads; divides hiddenDim'),
  hiddenDim: integer(shape.hiddenDim, { minimum: 1 }, 'Width of the tokens'),
  mlpDim: integer(shape.mlpDim, { minimum: 1 }, 'Width of the hidden layer of each block’s MLP'),
  ...regularization(0),
  ...head,
});

const perStage = (value: number[], description: string): Schema => ({
  type: 'array',
  default: value,
  items: { type: 'integer', minimum: 1 },
  minItems: 1,
  maxItems: 6,
  description,
});

/** Liu et al. 2021. */
const swin = (shape: {
  patchSize: number;
  embedDim: number;
  depths: number[];
  heads: number[];
  windowSize: number;
  stochasticDepth: number;
}): Parameters => ({
  patchSize: patchSize(shape.patchSize),
  embedDim: integer(
    shape.embedDim,
    { minimum: 1 },
    'Width of the first stage; each further one has twice as much',
  ),
  depths: perStage(shape.depths, 'Number of blocks of each stage'),
  heads: perStage(shape.heads, 'Attention heads of each stage; each divides the width of its stage'),
  windowSize: integer(
    shape.windowSize,
    { minimum: 2 },
    'Height and width of the attention windows, in tokens',
  ),
  mlpRatio: number(
    4,
    { exclusiveMinimum: 0 },
    'Width of the hidden layer of each block’s MLP over that of its tokens',
  ),
  ...regularization(shape.stochasticDepth),
  ...head,
});

export const transformers = {
  /** Widths of DeiT-Ti and DeiT-S (Touvron et al. 2020), with patches for small images. */
  vitTiny: vit({ patchSize: 4, layers: 12, heads: 3, hiddenDim: 192, mlpDim: 768 }),
  vitSmall: vit({ patchSize: 4, layers: 12, heads: 6, hiddenDim: 384, mlpDim: 1536 }),
  vitB16: vit({ patchSize: 16, layers: 12, heads: 12, hiddenDim: 768, mlpDim: 3072 }),
  /** Of any shape; as it is, six blocks for images of about 40×40. */
  vit: vit({ patchSize: 4, layers: 6, heads: 4, hiddenDim: 192, mlpDim: 384 }),
  /** torchvision's swin_t. */
  swinTiny: swin({
    ...{ patchSize: 4, embedDim: 96, depths: [2, 2, 6, 2], heads: [3, 6, 12, 24], windowSize: 7 },
    stochasticDepth: 0.2,
  }),
  /** Of any shape; as it is, three stages for images of about 40×40. */
  swin: swin({
    ...{ patchSize: 2, embedDim: 48, depths: [2, 2, 2], heads: [3, 6, 12], windowSize: 5 },
    stochasticDepth: 0.1,
  }),
} satisfies Record<string, Parameters>;

/** Why a transformer can't be built or can't take images of this size, or undefined if it can. */
export function transformerProblem(
  model: { name: string; [key: string]: unknown },
  imageSize: number,
): string | undefined {
  const { patchSize } = model as unknown as { patchSize: number };
  return (
    ('depths' in model ? stagesProblem(model) : headsProblem(model)) ?? patchProblem(patchSize, imageSize)
  );
}

function headsProblem(model: Record<string, unknown>): string | undefined {
  const { heads, hiddenDim } = model as { heads: number; hiddenDim: number };
  return hiddenDim % heads === 0
    ? undefined
    : `heads must divide hiddenDim ${hiddenDim}, got ${heads}; ${divisorsNear(hiddenDim, heads)} do`;
}

function stagesProblem(model: Record<string, unknown>): string | undefined {
  const { heads, depths, embedDim } = model as { heads: number[]; depths: number[]; embedDim: number };
  if (heads.length !== depths.length)
    return `depths and heads must have a value for each stage, got ${depths.length} and ${heads.length}`;
  const wrong = heads.findIndex((count, stage) => (embedDim * 2 ** stage) % count !== 0);
  if (wrong < 0) return undefined;
  const width = embedDim * 2 ** wrong;
  return `heads of stage ${wrong + 1} must divide its width ${width}, got ${heads[wrong]}; ${divisorsNear(width, heads[wrong]!)} do`;
}

function patchProblem(patchSize: number, imageSize: number): string | undefined {
  if (imageSize % patchSize === 0) return undefined;
  const below = Math.floor(imageSize / patchSize) * patchSize;
  const sizes = [below, below + patchSize].filter(size => size > 0).map(size => `${size}×${size}`);
  return `images of ${imageSize}×${imageSize} can't be cut into patches of ${patchSize}×${patchSize}: use images of ${sizes.join(' or ')}, or patchSize ${divisorsNear(imageSize, patchSize)}`;
}

/** The divisors of `value` that are nearest to `wish`, in words. */
function divisorsNear(value: number, wish: number): string {
  const divisors = Array.from({ length: value }, (_, index) => index + 1).filter(size => value % size === 0);
  const nearest = divisors.sort((a, b) => Math.abs(a - wish) - Math.abs(b - wish)).slice(0, 3);
  const [last, ...others] = nearest.sort((a, b) => b - a);
  return others.length === 0 ? `${last}` : `${others.reverse().join(', ')} or ${last}`;
}
