import { trivialAugmentWideRanges } from '../policies/magnitudes.js';
import { OperationSpace } from '../policies/operation-space.js';
import type { TransformKind } from '../transform.js';

/** torchvision's TrivialAugmentWide on PIL images: one operation of any magnitude. */
export const trivialAugmentWide: TransformKind = {
  create(parameters, shape) {
    const bins = parameters.numMagnitudeBins as number;
    const space = new OperationSpace(trivialAugmentWideRanges(bins), parameters, shape);
    return { apply: (image, draws) => space.applyAny(image, draws, -bins) };
  },
};
