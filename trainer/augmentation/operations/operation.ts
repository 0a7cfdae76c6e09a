import type { ImageBuffer, ImageShape } from '../image-buffer.js';

/** One image operation with its strength decided. Keeps no state between images and allocates nothing. */
export type Operation = (image: ImageBuffer) => void;

/** What operations need to know besides their magnitude. */
export interface OperationOptions {
  shape: ImageShape;
  /** How sheared and rotated images are sampled. */
  interpolation: 'nearest' | 'bilinear';
  /** Grey level of what comes in from outside of the image. */
  fill: number;
}
