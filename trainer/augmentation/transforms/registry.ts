import type { TransformName } from '../../contract/params.js';
import type { TransformKind } from '../transform.js';
import { normalize } from './normalize.js';
import { randomCrop } from './random-crop.js';
import { randomErasing } from './random-erasing.js';
import { randomHorizontalFlip } from './random-horizontal-flip.js';
import { randomResizedCrop } from './random-resized-crop.js';

/** Every transform of `contract/params.ts`. */
export const transformKinds = {
  randomResizedCrop,
  randomCrop,
  randomHorizontalFlip,
  normalize,
  randomErasing,
} satisfies Record<TransformName, TransformKind>;
