/** Magnitude tables and policies against torchvision's (float32 numbers widened to float64). */
import { describe, expect, test } from 'vitest';
import { autoAugmentPolicies } from '../../augmentation/policies/auto-augment-policies.js';
import {
  augMixRanges,
  autoAugmentRanges,
  type OperationRange,
  randAugmentRanges,
  trivialAugmentWideRanges,
} from '../../augmentation/policies/magnitudes.js';
import { goldenFile } from '../golden-file.js';

type Table = OperationRange[];

const golden = goldenFile<{
  randAugment: Record<string, Table>;
  autoAugment: Record<string, Table>;
  augMix: Record<string, Table>;
  augMixWithoutAllOps: Record<string, Table>;
  trivialAugmentWide: Table;
  policies: Record<string, unknown>;
}>('policies.json');

/** `32x48` is the height and the width. */
function shapeOf(size: string) {
  const [height, width] = size.split('x').map(Number) as [number, number];
  return { height, width, channels: 3 };
}

describe.each(Object.keys(golden.randAugment))('magnitudes for images of %s', size => {
  const shape = shapeOf(size);

  test('RandAugment', () => expect(randAugmentRanges(31, shape)).toEqual(golden.randAugment[size]));
  test('AutoAugment', () => expect(autoAugmentRanges(10, shape)).toEqual(golden.autoAugment[size]));
  test('AugMix', () => expect(augMixRanges(10, shape, true)).toEqual(golden.augMix[size]));
});

test('magnitudes of AugMix without all operations', () => {
  expect(augMixRanges(10, shapeOf('40x40'), false)).toEqual(golden.augMixWithoutAllOps['40x40']);
});

test('magnitudes of TrivialAugmentWide', () => {
  expect(trivialAugmentWideRanges(31)).toEqual(golden.trivialAugmentWide);
});

test('policies of AutoAugment', () => {
  expect(autoAugmentPolicies).toEqual(golden.policies);
});
