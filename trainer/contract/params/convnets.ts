/** The convolutional models: their parameters, and the image sizes that they can take. */
import { choice, integer, number, type Parameters, type Schema } from '../schema.js';
import { belowOne } from './bounds.js';
import { hiddenLayers } from './head.js';

interface Stem {
  kernel: number;
  stride: number;
  pool: 'max' | 'adaptiveMax' | 'none';
}

const stem = ({ kernel, stride, pool }: Stem): Parameters => ({
  stemKernel: integer(kernel, { minimum: 1, maximum: 11 }, 'Kernel size of the first convolution (odd)'),
  stemStride: integer(stride, { minimum: 1, maximum: 4 }, 'Stride of the first convolution'),
  stemPool: choice(
    pool,
    ['max', 'adaptiveMax', 'none'],
    'After the first convolution: 3×3 max pooling with stride 2, adaptive max pooling to `stemPoolSize`, or nothing',
  ),
  stemPoolSize: integer(20, { minimum: 1 }, 'Height and width after an `adaptiveMax` stem pool'),
});

const head = (dropout: number): Parameters => ({
  pool: choice(
    'average',
    ['average', 'max', 'adaptiveMax', 'averageMax'],
    'From the last map to features: mean or maximum of each channel, half of their sum, or adaptive max pooling to `poolSize`, flattened',
  ),
  poolSize: integer(
    2,
    { minimum: 1, maximum: 16 },
    'Height and width after an `adaptiveMax` pool: the head gets poolSize² times the features',
  ),
  dropout: number(dropout, belowOne, 'Dropout before each linear layer of the head'),
  hiddenLayers,
});

const stochasticDepth = (rate: number): Schema =>
  number(
    rate,
    belowOne,
    'Probability of leaving out the last residual branch of an image in training, growing linearly from 0 with depth',
  );

const channels = (value: number): Schema =>
  integer(value, { minimum: 1, maximum: 1024 }, 'Channels of the first stage');
const multiplier: Schema = number(
  1,
  { minimum: 0.1, maximum: 10 },
  'Multiplier of all channel counts (rounded to multiples of 8)',
);

const resnet = (width: number, convolution: Stem): Parameters => ({
  width: channels(width),
  ...stem(convolution),
  ...head(0),
  stochasticDepth: stochasticDepth(0),
});
const imagenetResnet = resnet(64, { kernel: 7, stride: 2, pool: 'max' });
const cifarResnet = resnet(16, { kernel: 3, stride: 1, pool: 'none' });

const convnext = (width: number): Parameters => {
  const first = stem({ kernel: 4, stride: 4, pool: 'none' });
  const description = 'Kernel size of the first convolution (odd, or equal to its stride: patches)';
  return {
    width: channels(width),
    ...first,
    stemKernel: { ...first.stemKernel, description },
    ...head(0),
    stochasticDepth: stochasticDepth(0),
  };
};

export const convnets = {
  resnet18: imagenetResnet,
  resnet34: imagenetResnet,
  resnet50: imagenetResnet,
  /** The CIFAR ResNets of He et al. 2015, section 4.2: 3 stages of 3, 5 or 9 basic blocks. */
  resnet20: cifarResnet,
  resnet32: cifarResnet,
  resnet56: cifarResnet,
  densenet121: {
    width: integer(64, { minimum: 1, maximum: 1024 }, 'Channels of the first convolution'),
    growthRate: integer(32, { minimum: 1, maximum: 512 }, 'Channels that each dense layer adds'),
    ...stem({ kernel: 7, stride: 2, pool: 'max' }),
    ...head(0),
  },
  efficientnetB0: {
    width: multiplier,
    ...stem({ kernel: 3, stride: 2, pool: 'none' }),
    ...head(0.2),
    stochasticDepth: stochasticDepth(0.2),
  },
  mobilenetV3Small: {
    width: multiplier,
    ...stem({ kernel: 3, stride: 2, pool: 'none' }),
    ...head(0.2),
    stochasticDepth: stochasticDepth(0),
  },
  convnextAtto: convnext(40),
  convnextPico: convnext(64),
} satisfies Record<string, Parameters>;

/** What the checks below read of a model. */
interface Geometry {
  name: keyof typeof convnets;
  stemKernel: number;
  stemStride: number;
  stemPool: Stem['pool'];
  stemPoolSize: number;
  pool: string;
  poolSize: number;
}

/** Between the stem and the head each model halves its map this often. */
const halvings: Record<keyof typeof convnets, number> = {
  ...{ resnet18: 3, resnet34: 3, resnet50: 3, resnet20: 2, resnet32: 2, resnet56: 2 },
  ...{ densenet121: 3, efficientnetB0: 4, mobilenetV3Small: 4, convnextAtto: 3, convnextPico: 3 },
};

/** These halve by windows of 2×2 without padding: an odd row is lost, and there's nothing left of 1×1. */
const roundsDown = (name: string): boolean => name === 'densenet121' || name.startsWith('convnext');

/** Zeros on each side of the first convolution: odd kernels are centred on each pixel, patches lie side by side. */
export const stemPadding = (kernel: number, stride: number): number =>
  kernel === stride ? 0 : (kernel - 1) / 2;

/** Why the settings are no model at all. */
function stemProblem({ name, stemKernel, stemStride }: Geometry): string | undefined {
  if (stemKernel % 2 === 1) return undefined;
  if (!name.startsWith('convnext')) return `stemKernel must be odd, got ${stemKernel}`;
  if (stemKernel === stemStride) return undefined;
  return `stemKernel must be odd or equal to stemStride (${stemStride}), got ${stemKernel}`;
}

/** Height and width behind the stem's convolution and its pool, and after so many halvings, of images of this size. */
function mapSizes({ name, stemKernel, stemStride, stemPool, stemPoolSize }: Geometry, imageSize: number) {
  const padded = imageSize + 2 * stemPadding(stemKernel, stemStride);
  const stemSize = Math.floor((padded - stemKernel) / stemStride) + 1;
  const pooled =
    stemPool === 'max' ? Math.ceil(stemSize / 2) : stemPool === 'adaptiveMax' ? stemPoolSize : stemSize;
  const halved = (times: number) => (roundsDown(name) ? Math.floor : Math.ceil)(pooled / 2 ** times);
  return { stemSize, pooled, halved };
}

/** Why images of this size are too small, or undefined if they aren't. */
function sizeProblem(geometry: Geometry, imageSize: number): string | undefined {
  const { name, stemPool, stemPoolSize, pool, poolSize } = geometry;
  const { stemSize, pooled, halved } = mapSizes(geometry, imageSize);
  if (stemPool === 'adaptiveMax' && stemPoolSize > stemSize)
    return `stemPoolSize ${stemPoolSize} is larger than the ${stemSize}×${stemSize} map that the stem leaves of ${imageSize}×${imageSize} images`;
  const steps = halvings[name];
  const tooSmall = `images of ${imageSize}×${imageSize} are too small: the stem leaves ${pooled}×${pooled}`;
  if (roundsDown(name) && halved(steps) < 1)
    return `${tooSmall}, and nothing is left of it after the model has halved it ${steps} times`;
  if (!roundsDown(name) && halved(steps - 2) <= 1) return `${tooSmall}, which is 1×1 before the last stage`;
  if (pool === 'adaptiveMax' && poolSize > halved(steps))
    return `poolSize ${poolSize} is larger than the ${halved(steps)}×${halved(steps)} map that the model leaves of ${imageSize}×${imageSize} images`;
  return undefined;
}

/** Height and width of the smallest map that is batch-normalized: the last one. Null: the model has no batch norm. */
export const normalizedMapSize = (geometry: Geometry, imageSize: number): number | null =>
  geometry.name.startsWith('convnext') ? null : mapSizes(geometry, imageSize).halved(halvings[geometry.name]);

/** Sizes up to which the smallest possible one is looked for. */
const largestTried = 1024;

/**
 * Why a convolutional model can't take images of this size, with the sizes that it can take; undefined if it can.
 *
 * A model whose strided convolutions have padding must have more than one pixel left before its last stage, one that
 * halves without padding needs one in the end; odd stem kernels alone keep the image centred.
 */
export function convnetProblem(geometry: Geometry, imageSize: number): string | undefined {
  const wrong = stemProblem(geometry);
  if (wrong !== undefined) return wrong;
  const problem = sizeProblem(geometry, imageSize);
  if (problem === undefined) return undefined;
  for (let size = imageSize + 1; size <= largestTried; size++)
    if (sizeProblem(geometry, size) === undefined)
      return `${problem}; with these settings it takes ${size}×${size} and larger${remedy(geometry)}`;
  return problem;
}

function remedy({ stemStride, stemPool }: Geometry): string {
  const remedies = [
    ...(stemStride > 1 ? ['a smaller stemStride'] : []),
    ...(stemPool === 'max' ? ['stemPool: none'] : []),
  ];
  return remedies.length > 0 ? `, smaller ones with ${remedies.join(' or ')}` : '';
}
