import { randAugmentRanges } from '../policies/magnitudes.js';
import { OperationSpace } from '../policies/operation-space.js';
import type { TransformKind } from '../transform.js';

/** torchvision's RandAugment on PIL images: `numOps` operations, all of one magnitude. */
export const randAugment: TransformKind = {
  create(parameters, shape) {
    const { numOps, magnitude, numMagnitudeBins } = parameters as unknown as Record<string, number>;
    const space = new OperationSpace(randAugmentRanges(numMagnitudeBins!, shape), parameters, shape);
    return {
      apply(image, draws) {
        for (let i = 0; i < numOps!; i++) space.applyAny(image, draws, magnitude!);
      },
    };
  },
};
