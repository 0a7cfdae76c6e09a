/**
 * Every component by name with its parameters and their JSON Schema: names, meanings and defaults are
 * PyTorch's and torchvision's, in camelCase. The grid is checked against these tables, so that checking never
 * loads TensorFlow; the trainer's registries are typed by them.
 */
import { boolean, choice, integer, nullable, number, type Parameters, pair, required } from './schema.js';

const positive = { exclusiveMinimum: 0 };
const share = { minimum: 0, maximum: 1 };
const belowOne = { minimum: 0, exclusiveMaximum: 1 };

const resnet = (width: number, stem: { kernel: number; stride: number; pool: string }): Parameters => ({
  width: integer(width, { minimum: 1, maximum: 1024 }, 'Channels of the first stage'),
  stemKernel: integer(stem.kernel, { minimum: 1, maximum: 11 }, 'Kernel size of the first convolution (odd)'),
  stemStride: integer(stem.stride, { minimum: 1, maximum: 4 }, 'Stride of the first convolution'),
  stemPool: choice(
    stem.pool,
    ['max', 'adaptiveMax', 'none'],
    'After the first convolution: 3×3 max pooling with stride 2, adaptive max pooling to `stemPoolSize`, or nothing',
  ),
  stemPoolSize: integer(20, { minimum: 1 }, 'Height and width after an `adaptiveMax` stem pool'),
  dropout: number(0, belowOne, 'Dropout before each linear layer of the head'),
  hiddenLayers: {
    type: 'array',
    default: [],
    items: { type: 'integer', minimum: 1 },
    maxItems: 8,
    description: 'Widths of extra linear layers (each with ReLU) before the last one',
  },
});

const imagenetResnet = resnet(64, { kernel: 7, stride: 2, pool: 'max' });

export const models = {
  resnet18: imagenetResnet,
  resnet34: imagenetResnet,
  resnet50: imagenetResnet,
  /** The CIFAR ResNet of He et al. 2015, section 4.2: 3 stages of 3 basic blocks. */
  resnet20: resnet(16, { kernel: 3, stride: 1, pool: 'none' }),
} satisfies Record<string, Parameters>;

const learningRate = number(1e-3, positive, 'Learning rate before the scheduler');
const betas = pair([0.9, 0.999], belowOne, 'Decay rates of the first and second moment');
const epsilon = number(1e-8, positive, 'Added to the denominator');
const weightDecay = (value: number, kind: string) => number(value, { minimum: 0 }, kind);

export const optimizers = {
  sgd: {
    learningRate,
    momentum: number(0, belowOne, 'Momentum factor'),
    dampening: number(0, share, 'Dampening of the momentum'),
    nesterov: boolean(false, 'Nesterov momentum (needs momentum > 0 and no dampening)'),
    weightDecay: weightDecay(0, 'L2 penalty, added to the gradient'),
  },
  adam: { learningRate, betas, epsilon, weightDecay: weightDecay(0, 'L2 penalty, added to the gradient') },
  adamw: { learningRate, betas, epsilon, weightDecay: weightDecay(1e-2, 'Decoupled weight decay') },
} satisfies Record<string, Parameters>;

const warmup: Parameters = {
  warmupEpochs: integer(0, { minimum: 0 }, 'Epochs of linear warm-up in front of the schedule (LinearLR)'),
  warmupStartFactor: number(
    1 / 3,
    { exclusiveMinimum: 0, maximum: 1 },
    'Share of the learning rate at the first epoch of the warm-up',
  ),
};
const minLearningRate = number(0, { minimum: 0 }, 'Lower bound of the learning rate');

export const schedulers = {
  constant: { ...warmup },
  /** ReduceLROnPlateau. */
  plateau: {
    ...warmup,
    metric: choice(
      'validationLoss',
      ['validationLoss', 'validationAccuracy', 'trainLoss', 'trainAccuracy'],
      'Metric that is watched; accuracies are maximized, losses minimized',
    ),
    factor: number(0.1, { exclusiveMinimum: 0, exclusiveMaximum: 1 }, 'Learning rate × factor at a plateau'),
    patience: integer(10, { minimum: 0 }, 'Epochs without improvement that are allowed'),
    threshold: number(1e-4, { minimum: 0 }, 'Smallest change that counts as improvement'),
    thresholdMode: choice('rel', ['rel', 'abs'], 'Threshold relative to the best value, or absolute'),
    cooldown: integer(0, { minimum: 0 }, 'Epochs to wait after a reduction'),
    minLearningRate,
    epsilon: number(1e-8, { minimum: 0 }, 'Smallest reduction that is made'),
  },
  /** CosineAnnealingLR. */
  cosine: {
    ...warmup,
    tMax: nullable(integer(1, { minimum: 1 }, 'Half a period in epochs; null: all epochs after the warm-up')),
    minLearningRate,
  },
  /** StepLR. */
  step: {
    ...warmup,
    stepSize: required(integer(1, { minimum: 1 }, 'Epochs between reductions')),
    gamma: number(0.1, { exclusiveMinimum: 0, maximum: 1 }, 'Learning rate × gamma at each reduction'),
  },
} satisfies Record<string, Parameters>;

const probability = number(0.5, share, 'Probability of applying it to an image');
const fill = integer(0, { minimum: 0, maximum: 255 }, 'Grey level of the border');
const channelValues = (value: number[], bounds: object, description: string) => ({
  type: 'array',
  default: value,
  items: { type: 'number', ...bounds },
  minItems: 1,
  maxItems: 3,
  description,
});

/** Per image, in the order given, on training images. */
export const transforms = {
  randomResizedCrop: {
    scale: pair(
      [0.08, 1],
      { exclusiveMinimum: 0, maximum: 1 },
      'Range of the share of the area that is cropped',
    ),
    ratio: pair([3 / 4, 4 / 3], positive, 'Range of width / height of the crop'),
    interpolation: choice('bilinear', ['nearest', 'bilinear'], 'How the crop is resized to the image size'),
  },
  randomCrop: {
    padding: integer(4, { minimum: 0 }, 'Pixels added on each side before cropping to the image size'),
    paddingMode: choice('constant', ['constant', 'reflect'], 'What the border is filled with'),
    fill,
  },
  randomHorizontalFlip: { probability },
  /** (x / 255 - mean) / standardDeviation; one value, or one a channel. */
  normalize: {
    mean: channelValues(
      [0.485, 0.456, 0.406],
      {},
      'Mean per channel (of images in 0..1); the first for grey images',
    ),
    standardDeviation: channelValues([0.229, 0.224, 0.225], positive, 'Standard deviation per channel'),
  },
  /** Zhong et al. 2017: a box of the normalized image is set to `value`. */
  randomErasing: {
    probability,
    scale: pair(
      [0.02, 0.33],
      { exclusiveMinimum: 0, maximum: 1 },
      'Range of the share of the area that is erased',
    ),
    ratio: pair([0.3, 3.3], positive, 'Range of height / width of the box'),
    value: number(0, {}, 'What the box is filled with, after normalization'),
  },
} satisfies Record<string, Parameters>;

const alpha = number(1, positive, 'Parameter of the Beta(alpha, alpha) that the share is drawn from');

/** Per batch: one of those listed is drawn, by `weight`. */
export const mixes = {
  cutMix: { alpha, weight: number(1, positive, 'Odds of being drawn') },
  mixUp: { alpha, weight: number(1, positive, 'Odds of being drawn') },
} satisfies Record<string, Parameters>;

export type ModelName = keyof typeof models;
export type OptimizerName = keyof typeof optimizers;
export type SchedulerName = keyof typeof schedulers;
export type TransformName = keyof typeof transforms;
export type MixName = keyof typeof mixes;

/**
 * Why a model can't take images of this size, or undefined if it can.
 *
 * A ResNet needs one pixel to be left before its last stage, and odd stem kernels.
 */
export function modelProblem(
  model: { name: string; [key: string]: unknown },
  imageSize: number,
): string | undefined {
  if (!(model.name in models)) return undefined;
  const { stemKernel, stemStride, stemPool, stemPoolSize } = model as unknown as Record<string, number> & {
    stemPool: string;
  };
  if (stemKernel! % 2 === 0) return `stemKernel must be odd, got ${stemKernel}`;
  const stem = Math.ceil(imageSize / stemStride!);
  if (stemPool === 'adaptiveMax' && stemPoolSize! > stem)
    return `stemPoolSize ${stemPoolSize} is larger than the ${stem}×${stem} map that the stem leaves of ${imageSize}×${imageSize} images`;
  const pooled = stemPool === 'max' ? Math.ceil(stem / 2) : stemPool === 'adaptiveMax' ? stemPoolSize! : stem;
  const halvings = model.name === 'resnet20' ? 2 : 3;
  const smallest = 2 ** halvings / 2;
  if (pooled <= smallest / 2)
    return `images of ${imageSize}×${imageSize} are too small: the stem leaves ${pooled}×${pooled}, which is 1×1 before the last stage; use a smaller stemStride or stemPool: none`;
  return undefined;
}
