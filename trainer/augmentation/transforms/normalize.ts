import { channelStatistics } from '../normalization.js';
import type { TransformKind } from '../transform.js';

/**
 * torchvision's Normalize. It applies to validation images too and is done on the device, from
 * `normalizationOf`; here its parameters are checked.
 */
export const normalize: TransformKind = {
  stage: 'normalized',
  create(parameters, shape) {
    channelStatistics(parameters, shape.channels);
    return { apply() {} };
  },
};
