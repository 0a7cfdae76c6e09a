/** How strong each operation is in each magnitude bin: the tables of torchvision's automatic augmentations. */
import type { ImageShape } from '../image-buffer.js';
import type { OperationName } from '../operations/registry.js';
import { roundHalfToEven } from '../rounding.js';

/** An operation with its magnitude in each bin; null: it has none. */
export interface OperationRange {
  name: OperationName;
  magnitudes: readonly number[] | null;
  /** The sign is drawn. */
  signed: boolean;
}

const plain = (name: OperationName): OperationRange => ({ name, magnitudes: null, signed: false });
const signed = (name: OperationName, largest: number, bins: number): OperationRange => ({
  name,
  magnitudes: linspace(0, largest, bins),
  signed: true,
});
const posterizing = (bits: number, lost: number, bins: number): OperationRange => ({
  name: 'posterize',
  magnitudes: Array.from({ length: bins }, (_, bin) => bits - roundHalfToEven(bin / ((bins - 1) / lost))),
  signed: false,
});
const solarizing = (bins: number): OperationRange => ({
  name: 'solarize',
  magnitudes: linspace(255, 0, bins),
  signed: false,
});
const enhancing = (largest: number, bins: number) =>
  (['brightness', 'color', 'contrast', 'sharpness'] as const).map(name => signed(name, largest, bins));

/** RandAugment's operations: Cubuk et al., "RandAugment: Practical automated data augmentation" (2020). */
export const randAugmentRanges = (bins: number, shape: ImageShape): OperationRange[] => [
  plain('identity'),
  ...learnedRanges(bins, shape),
];

/** AutoAugment's operations: Cubuk et al., "AutoAugment: Learning augmentation strategies from data" (2019). */
export const autoAugmentRanges = (bins: number, shape: ImageShape): OperationRange[] => [
  ...learnedRanges(bins, shape),
  plain('invert'),
];

const learnedRanges = (bins: number, { height, width }: ImageShape): OperationRange[] => [
  signed('shearX', 0.3, bins),
  signed('shearY', 0.3, bins),
  signed('translateX', (150 / 331) * width, bins),
  signed('translateY', (150 / 331) * height, bins),
  signed('rotate', 30, bins),
  ...enhancing(0.9, bins),
  posterizing(8, 4, bins),
  solarizing(bins),
  plain('autoContrast'),
  plain('equalize'),
];

/** TrivialAugment's wide operations: Müller & Hutter, "TrivialAugment: Tuning-free yet state-of-the-art data augmentation" (2021). */
export const trivialAugmentWideRanges = (bins: number): OperationRange[] => [
  plain('identity'),
  signed('shearX', 0.99, bins),
  signed('shearY', 0.99, bins),
  signed('translateX', 32, bins),
  signed('translateY', 32, bins),
  signed('rotate', 135, bins),
  ...enhancing(0.99, bins),
  posterizing(8, 6, bins),
  solarizing(bins),
  plain('autoContrast'),
  plain('equalize'),
];

/** AugMix's operations: Hendrycks et al., "AugMix: A simple data processing method to improve robustness" (2020). */
export const augMixRanges = (bins: number, { height, width }: ImageShape, all: boolean): OperationRange[] => [
  signed('shearX', 0.3, bins),
  signed('shearY', 0.3, bins),
  signed('translateX', width / 3, bins),
  signed('translateY', height / 3, bins),
  signed('rotate', 30, bins),
  posterizing(4, 4, bins),
  solarizing(bins),
  plain('autoContrast'),
  plain('equalize'),
  ...(all ? enhancing(0.9, bins) : []),
];

/** torch.linspace in float32: from either end to the middle. */
function linspace(start: number, end: number, count: number): number[] {
  const first = Math.fround(start);
  const last = Math.fround(end);
  const step = Math.fround(Math.fround(last - first) / (count - 1));
  return Array.from({ length: count }, (_, i) =>
    i < Math.floor(count / 2) ? Math.fround(first + step * i) : Math.fround(last - step * (count - 1 - i)),
  );
}
