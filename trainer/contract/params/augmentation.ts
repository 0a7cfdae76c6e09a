/** Every transform and mix by name with its parameters. */
import { choice, integer, number, type Parameters, pair } from '../schema.js';
import { positive, share } from './bounds.js';

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

export type TransformName = keyof typeof transforms;
export type MixName = keyof typeof mixes;
