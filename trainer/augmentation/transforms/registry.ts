import type { TransformName } from '../../contract/params.js';
import type { TransformKind } from '../transform.js';
import { augMix } from './aug-mix.js';
import { autoAugment } from './auto-augment.js';
import { colorJitter } from './color-jitter.js';
import { cutOut } from './cut-out.js';
import { gaussianBlur } from './gaussian-blur.js';
import { grayscale } from './grayscale.js';
import { normalize } from './normalize.js';
import { randAugment } from './rand-augment.js';
import { randomCrop } from './random-crop.js';
import { randomErasing } from './random-erasing.js';
import { randomHorizontalFlip, randomVerticalFlip } from './random-flips.js';
import { randomResizedCrop } from './random-resized-crop.js';
import { trivialAugmentWide } from './trivial-augment-wide.js';

/** Every transform of `contract/params.ts`. */
export const transformKinds = {
  randomResizedCrop,
  randomCrop,
  randomHorizontalFlip,
  randomVerticalFlip,
  randAugment,
  autoAugment,
  trivialAugmentWide,
  augMix,
  colorJitter,
  grayscale,
  gaussianBlur,
  normalize,
  randomErasing,
  cutOut,
} satisfies Record<TransformName, TransformKind>;
