import { sampleBeta } from '../beta.js';
import type { ImageShape } from '../image-buffer.js';
import type { MixKind } from '../mix.js';

/** torchvision v2's CutMix: Yun et al., "CutMix: Regularization Strategy to Train Strong Classifiers" (2019). */
export const cutMix: MixKind = {
  draw({ alpha }, shape, permutation, draws) {
    const lambda = sampleBeta(draws, alpha as number);
    const centreX = draws.integer(shape.width);
    const centreY = draws.integer(shape.height);
    return { kind: 'cutMix', permutation, ...cutMixBox(shape, lambda, centreX, centreY) };
  },
};

/**
 * The box around a centre that covers 1 - lambda of the image, clipped to it, and the `lambda` that is left for the
 * own label after clipping.
 */
export function cutMixBox({ height, width }: ImageShape, lambda: number, centreX: number, centreY: number) {
  const half = 0.5 * Math.sqrt(1 - lambda);
  const halfWidth = Math.trunc(half * width);
  const halfHeight = Math.trunc(half * height);
  const box = {
    x1: Math.max(centreX - halfWidth, 0),
    y1: Math.max(centreY - halfHeight, 0),
    x2: Math.min(centreX + halfWidth, width),
    y2: Math.min(centreY + halfHeight, height),
  };
  return { box, lambda: 1 - ((box.x2 - box.x1) * (box.y2 - box.y1)) / (width * height) };
}
