import { toGrayscale } from '../operations/luma.js';
import type { TransformKind } from '../transform.js';

/** torchvision's RandomGrayscale, and with probability 1 its Grayscale; the number of channels stays. */
export const grayscale: TransformKind = {
  create({ probability }) {
    return {
      apply(image, draws) {
        if (draws.uniform() < (probability as number)) toGrayscale(image);
      },
    };
  },
};
