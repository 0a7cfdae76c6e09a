import type { TransformKind } from '../transform.js';

/**
 * DeVries & Taylor, "Improved regularization of convolutional neural networks with Cutout" (2017): squares around
 * pixels of the image, so that a part of them may lie outside, are 0 after normalization.
 */
export const cutOut: TransformKind = {
  create({ holes, length }, { height, width }) {
    const side = length as number;
    const fill = new Float32Array(1);
    return {
      apply(image, draws) {
        for (let hole = 0; hole < (holes as number); hole++) {
          const top = draws.integer(height) - (side >> 1);
          const left = draws.integer(width) - (side >> 1);
          const clippedTop = Math.max(top, 0);
          const clippedLeft = Math.max(left, 0);
          image.erased.push({
            top: clippedTop,
            left: clippedLeft,
            height: Math.min(top + side, height) - clippedTop,
            width: Math.min(left + side, width) - clippedLeft,
            fill,
          });
        }
      },
    };
  },
};
