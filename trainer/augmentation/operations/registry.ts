/** The operations of torchvision's automatic augmentations, on the formulas of its PIL backend. */
import {
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
  adjustSharpness,
  enhancement,
} from './enhance.js';
import { rotate, shearX, shearY, translateX, translateY } from './geometry.js';
import { autoContrast, equalize } from './histogram.js';
import { invert, posterize, solarize } from './lookup.js';
import type { Operation, OperationOptions } from './operation.js';

/**
 * By name: makes the operation of a magnitude. Shear: a slope; translation: pixels; rotation: degrees; posterize: bits;
 * solarize: a threshold; enhancements: factor - 1.
 */
export const operations = {
  identity: () => () => {},
  shearX,
  shearY,
  translateX,
  translateY,
  rotate,
  brightness: enhancement(adjustBrightness),
  color: enhancement(adjustSaturation),
  contrast: enhancement(adjustContrast),
  sharpness: enhancement(adjustSharpness),
  posterize,
  solarize,
  autoContrast: () => autoContrast,
  equalize: () => equalize,
  invert: () => invert,
} satisfies Record<string, (magnitude: number, options: OperationOptions) => Operation>;

export type OperationName = keyof typeof operations;
