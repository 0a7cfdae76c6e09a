/** Every transform and mix by name with its parameters. */
import type { AugmentationSpec } from '../run-spec.js';
import { boolean, choice, integer, number, type Parameters, pair, type Schema } from '../schema.js';
import { positive, share } from './bounds.js';

const probability = number(0.5, share, 'Probability of applying it to an image');
const fill = integer(
  0,
  { minimum: 0, maximum: 255 },
  'Grey level of what comes in from outside of the image',
);
const interpolation = (value: 'nearest' | 'bilinear', description: string) =>
  choice(value, ['nearest', 'bilinear'], description);
const operationInterpolation = (value: 'nearest' | 'bilinear') =>
  interpolation(value, 'How sheared and rotated images are sampled');
const magnitudeBins = integer(31, { minimum: 2, maximum: 1000 }, 'Number of magnitudes of each operation');
const areaShare = (value: [number, number], verb: string) =>
  pair(value, { exclusiveMinimum: 0, maximum: 1 }, `Range of the share of the area that is ${verb}`);
const channelValues = (value: number[], bounds: object, description: string): Schema => ({
  type: 'array',
  default: value,
  items: { type: 'number', ...bounds },
  minItems: 1,
  maxItems: 3,
  description,
});
/** A number x for the range [1 - x, 1 + x] (of the hue [-x, x]), or the range itself. */
const jitter = (bounds: { minimum: number; maximum?: number }, range: object, what: string): Schema => ({
  type: ['number', 'array'],
  default: 0,
  ...bounds,
  items: { type: 'number', ...range },
  minItems: 2,
  maxItems: 2,
  description: `${what}: a number for a range around no change, or the range of the factor`,
});
const notNegative = { minimum: 0 };

/** Per image, in the order given, on training images. */
export const transforms = {
  randomResizedCrop: {
    scale: areaShare([0.08, 1], 'cropped'),
    ratio: pair([3 / 4, 4 / 3], positive, 'Range of width / height of the crop'),
    interpolation: interpolation('bilinear', 'How the crop is resized to the image size'),
  },
  randomCrop: {
    padding: integer(4, notNegative, 'Pixels added on each side before cropping to the image size'),
    paddingMode: choice('constant', ['constant', 'reflect'], 'What the border is filled with'),
    fill,
  },
  randomHorizontalFlip: { probability },
  randomVerticalFlip: { probability },
  /** Cubuk et al. 2020. */
  randAugment: {
    numOps: integer(2, { minimum: 1, maximum: 16 }, 'Operations applied one after the other'),
    magnitude: integer(9, notNegative, 'Strength of all operations, below numMagnitudeBins'),
    numMagnitudeBins: magnitudeBins,
    interpolation: operationInterpolation('nearest'),
    fill,
  },
  /** Cubuk et al. 2019. */
  autoAugment: {
    policy: choice('imagenet', ['imagenet', 'cifar10', 'svhn'], 'Data set whose learned policy is applied'),
    interpolation: operationInterpolation('nearest'),
    fill,
  },
  /** Müller & Hutter 2021. */
  trivialAugmentWide: {
    numMagnitudeBins: magnitudeBins,
    interpolation: operationInterpolation('nearest'),
    fill,
  },
  /** Hendrycks et al. 2020. */
  augMix: {
    severity: integer(3, { minimum: 1, maximum: 10 }, 'Strongest magnitude of an operation, of 10'),
    mixtureWidth: integer(3, { minimum: 1, maximum: 16 }, 'Number of chains that are mixed'),
    chainDepth: {
      type: 'integer',
      default: -1,
      enum: [-1, 1, 2, 3, 4, 5, 6, 7, 8],
      description: 'Operations of a chain; -1: drawn from 1, 2 and 3',
    },
    alpha: number(1, positive, 'Parameter of the Dirichlet and Beta distributions that the weights are of'),
    allOps: boolean(true, 'With brightness, color, contrast and sharpness'),
    interpolation: operationInterpolation('bilinear'),
    fill,
  },
  colorJitter: {
    brightness: jitter(notNegative, notNegative, 'Brightness'),
    contrast: jitter(notNegative, notNegative, 'Contrast'),
    saturation: jitter(notNegative, notNegative, 'Saturation'),
    hue: jitter({ minimum: 0, maximum: 0.5 }, { minimum: -0.5, maximum: 0.5 }, 'Hue, in turns'),
  },
  grayscale: { probability: number(1, share, 'Probability of applying it to an image') },
  gaussianBlur: {
    kernelSize: integer(3, { minimum: 1, maximum: 255 }, 'Side of the kernel in pixels (odd)'),
    sigma: pair([0.1, 2], positive, 'Range of the standard deviation in pixels'),
  },
  /** (x / 255 - mean) / standardDeviation; one value, or one a channel. */
  normalize: {
    mean: channelValues(
      [0.485, 0.456, 0.406],
      {},
      'Mean per channel (of images in 0..1); the first for grey images',
    ),
    standardDeviation: channelValues([0.229, 0.224, 0.225], positive, 'Standard deviation per channel'),
  },
  /** Zhong et al. 2017: a box of the normalized image is filled with `value`. */
  randomErasing: {
    probability,
    scale: areaShare([0.02, 0.33], 'erased'),
    ratio: pair([0.3, 3.3], positive, 'Range of height / width of the box'),
    value: {
      type: ['number', 'array', 'string'],
      default: 0,
      items: { type: 'number' },
      minItems: 1,
      maxItems: 3,
      pattern: '^random$',
      description: 'must be what the box is filled with: a number, one a channel, or random (normal noise)',
    },
  },
  /** DeVries & Taylor 2017: squares of the normalized image, cut off at its border, are set to 0. */
  cutOut: {
    holes: integer(1, { minimum: 1, maximum: 64 }, 'Number of squares'),
    length: integer(16, { minimum: 1 }, 'Side of a square in pixels'),
  },
} satisfies Record<string, Parameters>;

const alpha = number(1, positive, 'Parameter of the Beta(alpha, alpha) that the share is drawn from');

/** One of those listed is drawn, by `weight`, for each batch or epoch. */
export const mixes = {
  cutMix: { alpha, weight: number(1, positive, 'Odds of being drawn') },
  mixUp: { alpha, weight: number(1, positive, 'Odds of being drawn') },
} satisfies Record<string, Parameters>;

export type TransformName = keyof typeof transforms;
export type MixName = keyof typeof mixes;

/** Transforms that take effect after normalization, on the device; all others change the bytes of the image. */
export const normalizedTransforms: readonly string[] = [
  'normalize',
  'randomErasing',
  'cutOut',
] satisfies TransformName[];

/** Numbers of the copies of each training image that are trained on; 0 is the image itself. */
export function copyNumbers({ expansion }: Pick<AugmentationSpec, 'expansion'>): number[] {
  if (expansion === null) return [0];
  const copies = Array.from({ length: expansion.copies }, (_, i) => i + 1);
  return expansion.keepOriginals ? [0, ...copies] : copies;
}
