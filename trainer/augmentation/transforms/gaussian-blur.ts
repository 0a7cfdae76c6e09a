import { GaussianBlur } from '../operations/blur.js';
import type { Range, TransformKind } from '../transform.js';

/** torchvision's GaussianBlur: `sigma` is drawn for each image. */
export const gaussianBlur: TransformKind = {
  create(parameters, shape) {
    const [low, high] = parameters.sigma as Range;
    const blur = new GaussianBlur(parameters.kernelSize as number, shape);
    return {
      apply(image, draws) {
        blur.apply(image, draws.between(low, high));
      },
    };
  },
};
