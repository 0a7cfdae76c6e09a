/**
 * What the automatic augmentations make of an image: nothing but the outcomes that their policies allow, each as often as
 * its probability says, within 5 standard errors.
 */
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import type { ImageBuffer } from '../../augmentation/image-buffer.js';
import { operations } from '../../augmentation/operations/registry.js';
import { transformPipeline } from '../../augmentation/pipeline.js';
import { autoAugmentPolicies } from '../../augmentation/policies/auto-augment-policies.js';
import type { OperationRange } from '../../augmentation/policies/magnitudes.js';
import {
  autoAugmentRanges,
  randAugmentRanges,
  trivialAugmentWideRanges,
} from '../../augmentation/policies/magnitudes.js';
import { defaultAugmentation } from '../../contract/defaults.js';
import type { Component } from '../../contract/run-spec.js';
import { goldenImage } from './golden-images.js';

const shape = { height: 40, width: 40, channels: 3 };
const options = { shape, interpolation: 'nearest', fill: 0 } as const;
const common = { interpolation: 'nearest', fill: 0 };

interface Outcome {
  probability: number;
  apply(image: ImageBuffer): void;
}

const nothing: Outcome = { probability: 1, apply() {} };

/** The operation with each magnitude and sign that it may get. */
function outcomesOf({ name, magnitudes, signed }: OperationRange, bins?: readonly number[]): Outcome[] {
  const values = magnitudes === null ? [0] : (bins?.map(bin => magnitudes[bin]!) ?? magnitudes);
  const all = signed ? values.flatMap(value => [value, -value]) : values;
  return all.map(magnitude => ({
    probability: 1 / all.length,
    apply: operations[name](magnitude, options),
  }));
}

const oneOf = (groups: Outcome[][]): Outcome[] =>
  groups.flatMap(group =>
    group.map(({ probability, apply }) => ({ probability: probability / groups.length, apply })),
  );

const inTurn = (first: Outcome[], second: Outcome[]): Outcome[] =>
  first.flatMap(before =>
    second.map(after => ({
      probability: before.probability * after.probability,
      apply(image: ImageBuffer) {
        before.apply(image);
        after.apply(image);
      },
    })),
  );

const withProbability = (probability: number, outcomes: Outcome[]): Outcome[] => [
  { ...nothing, probability: 1 - probability },
  ...outcomes.map(outcome => ({ ...outcome, probability: outcome.probability * probability })),
];

function autoAugmentOutcomes(policy: keyof typeof autoAugmentPolicies): Outcome[] {
  const ranges = new Map(autoAugmentRanges(10, shape).map(range => [range.name, range]));
  const steps = autoAugmentPolicies[policy].map(pair =>
    pair.map(([name, probability, bin]) =>
      withProbability(probability, outcomesOf(ranges.get(name)!, bin === null ? undefined : [bin])),
    ),
  );
  return oneOf(steps.map(([first, second]) => inTurn(first!, second!)));
}

const draws = 6000;

test.each<[Component, Outcome[]]>([
  [
    { name: 'trivialAugmentWide', numMagnitudeBins: 31, ...common },
    oneOf(trivialAugmentWideRanges(31).map(range => outcomesOf(range))),
  ],
  [
    { name: 'randAugment', numOps: 1, magnitude: 9, numMagnitudeBins: 31, ...common },
    oneOf(randAugmentRanges(31, shape).map(range => outcomesOf(range, [9]))),
  ],
  [
    { name: 'randAugment', numOps: 2, magnitude: 5, numMagnitudeBins: 11, ...common },
    inTurn(
      oneOf(randAugmentRanges(11, shape).map(range => outcomesOf(range, [5]))),
      oneOf(randAugmentRanges(11, shape).map(range => outcomesOf(range, [5]))),
    ),
  ],
  [{ name: 'autoAugment', policy: 'imagenet', ...common }, autoAugmentOutcomes('imagenet')],
  [{ name: 'autoAugment', policy: 'cifar10', ...common }, autoAugmentOutcomes('cifar10')],
  [{ name: 'autoAugment', policy: 'svhn', ...common }, autoAugmentOutcomes('svhn')],
])('%j', (transform, outcomes) => {
  const image = goldenImage(0);
  const original = Uint8Array.from(image.pixels);
  const key = () => crc32(image.pixels);
  const expected = new Map<number, number>();
  for (const { probability, apply } of outcomes) {
    image.load(original, 0);
    apply(image);
    expected.set(key(), (expected.get(key()) ?? 0) + probability);
  }
  expect([...expected.values()].reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 9);

  const augment = transformPipeline({ ...defaultAugmentation, transforms: [transform] }, shape);
  const counts = new Map<number, number>();
  for (let i = 0; i < draws; i++) {
    image.load(original, 0);
    augment(image, 1, 0, i);
    counts.set(key(), (counts.get(key()) ?? 0) + 1);
  }
  for (const pixels of counts.keys()) expect(expected.has(pixels)).toBe(true);
  for (const [pixels, probability] of expected) {
    const spread = Math.sqrt(draws * probability * (1 - probability));
    // Where hardly one is expected, the count is far from normal.
    expect(Math.abs((counts.get(pixels) ?? 0) - draws * probability)).toBeLessThan(5 * spread + 3);
  }
});
