import { sampleBeta } from '../beta.js';
import type { MixKind } from '../mix.js';

/** torchvision v2's MixUp: Zhang et al., "mixup: Beyond Empirical Risk Minimization" (2018). */
export const mixUp: MixKind = {
  draw: ({ alpha }, _shape, permutation, draws) => ({
    kind: 'mixUp',
    lambda: sampleBeta(draws, alpha as number),
    permutation,
  }),
};
