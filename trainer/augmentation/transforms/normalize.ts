import type { TransformKind } from '../transform.js';

/** torchvision's Normalize. It applies to validation images too and is done on the device, from `normalizationOf`. */
export const normalize: TransformKind = {
  create: () => ({ apply() {} }),
};
