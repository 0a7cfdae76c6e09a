import { autoAugmentPolicies } from '../policies/auto-augment-policies.js';
import { autoAugmentRanges } from '../policies/magnitudes.js';
import { OperationSpace } from '../policies/operation-space.js';
import type { TransformKind } from '../transform.js';

/** Magnitude bins of the learned policies. */
const bins = 10;

/** torchvision's AutoAugment on PIL images: one of the policy's pairs of operations. */
export const autoAugment: TransformKind = {
  create(parameters, shape) {
    const pairs = autoAugmentPolicies[parameters.policy as keyof typeof autoAugmentPolicies];
    const space = new OperationSpace(autoAugmentRanges(bins, shape), parameters, shape);
    return {
      apply(image, draws) {
        for (const [name, probability, bin] of pairs[draws.integer(pairs.length)]!)
          if (draws.uniform() <= probability) space.apply(name, image, draws, bin);
      },
    };
  },
};
