import { describe, expect, test } from 'vitest';
import type { ImageBuffer } from '../../augmentation/image-buffer.js';
import { normalizationOf } from '../../augmentation/normalization.js';
import { drawMix, transformPipeline } from '../../augmentation/pipeline.js';
import { ParameterError } from '../../augmentation/transform.js';
import { defaultAugmentation } from '../../contract/defaults.js';
import type { Component } from '../../contract/run-spec.js';
import { goldenImage } from './golden-images.js';

const shape = { height: 40, width: 40, channels: 3 };
const flip = (probability: number): Component => ({ name: 'randomHorizontalFlip', probability });
const crop: Component = { name: 'randomCrop', padding: 4, paddingMode: 'reflect', fill: 0 };
const resizedCrop: Component = {
  name: 'randomResizedCrop',
  scale: [0.08, 1],
  ratio: [3 / 4, 4 / 3],
  interpolation: 'bilinear',
};
const erasing: Component = {
  name: 'randomErasing',
  probability: 1,
  scale: [0.02, 0.33],
  ratio: [0.3, 3.3],
  value: 0.5,
};
const normalize: Component = { name: 'normalize', mean: [0.5], standardDeviation: [0.25] };
const augmentation = (transforms: Component[], mix: Component[] = [], mixProbability = 1) => ({
  ...defaultAugmentation,
  transforms,
  mix,
  mixProbability,
});

function augmented(transforms: Component[], ...place: [number, number, number, number?]): ImageBuffer {
  const image = goldenImage(0);
  transformPipeline(augmentation(transforms), shape)(image, ...place);
  return image;
}

describe('pipeline', () => {
  const all = [resizedCrop, crop, flip(0.5), normalize, erasing];

  test('is a function of seed, epoch, image and repetition', () => {
    const once = augmented(all, 1, 2, 3);
    const again = augmented(all, 1, 2, 3);
    expect(again.pixels).toEqual(once.pixels);
    expect(again.erased).toEqual(once.erased);
    expect(augmented(all, 1, 2, 3, 0).pixels).toEqual(once.pixels);
    const places: [number, number, number, number][] = [
      [2, 2, 3, 0],
      [1, 3, 3, 0],
      [1, 2, 4, 0],
      [1, 2, 3, 1],
    ];
    for (const other of places.map(place => augmented(all, ...place)))
      expect(other.pixels).not.toEqual(once.pixels);
  });

  test('flips with its probability', () => {
    const original = goldenImage(0).pixels;
    const unchanged = Array.from({ length: 400 }, (_, i) => augmented([flip(0.3)], 0, 0, i)).filter(
      ({ pixels }) => Buffer.compare(pixels, original) === 0,
    ).length;
    expect(Math.abs(unchanged / 400 - 0.7)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / 400));
    expect(augmented([flip(0)], 0, 0, 0).pixels).toEqual(original);
  });

  test('leaves the pixels alone where it erases, and notes the box', () => {
    const { pixels, erased } = augmented([normalize, erasing], 0, 0, 0);
    expect(pixels).toEqual(goldenImage(0).pixels);
    expect(erased).toHaveLength(1);
    const [{ top, left, height, width, fill }] = erased as [(typeof erased)[0]];
    expect(top + height <= 40 && left + width <= 40 && height > 0 && width > 0).toBe(true);
    expect([...fill]).toEqual([0.5]);
  });

  test.each([
    [[{ name: 'sharpen' }], 'transforms.0'],
    [[normalize, flip(0.5)], 'transforms.1'],
    [[erasing, crop], 'transforms.1'],
    [[{ ...resizedCrop, scale: [0.5, 0.1] }], 'transforms.0.scale'],
    [[{ ...crop, padding: 40 }], 'transforms.0.padding'],
    [[{ ...normalize, mean: [0.1, 0.2] }], 'transforms.0.mean'],
  ])('%j is an error of %s', (transforms, parameter) => {
    const build = () => transformPipeline(augmentation(transforms as Component[]), shape);
    expect(build).toThrow(ParameterError);
    expect(build).toThrow(expect.objectContaining({ parameter }));
  });
});

describe('normalization', () => {
  test('is that of the transform, one value for all channels or one each', () => {
    expect(normalizationOf(augmentation([normalize]), 3)).toEqual({
      mean: [0.5, 0.5, 0.5],
      standardDeviation: [0.25, 0.25, 0.25],
    });
    const imagenet = {
      name: 'normalize',
      mean: [0.485, 0.456, 0.406],
      standardDeviation: [0.229, 0.224, 0.225],
    };
    expect(normalizationOf(augmentation([imagenet]), 1)).toEqual({
      mean: [0.485],
      standardDeviation: [0.229],
    });
  });

  test('only scales to 0..1 without one', () => {
    expect(normalizationOf(augmentation([]), 1)).toEqual({ mean: [0], standardDeviation: [1] });
  });
});

describe('mixes', () => {
  const mixes = [
    { name: 'cutMix', alpha: 1, weight: 3 },
    { name: 'mixUp', alpha: 0.2, weight: 1 },
  ];
  const drawn = (mixProbability: number, n = 2000) =>
    Array.from({ length: n }, (_, batch) =>
      drawMix(augmentation([], mixes, mixProbability), shape, { size: 4, seed: 5, epoch: 1, batch }),
    );

  test('are drawn by weight, with the probability of mixing at all', () => {
    const batches = drawn(0.5);
    const cut = batches.filter(mix => mix?.kind === 'cutMix').length / batches.length;
    const up = batches.filter(mix => mix?.kind === 'mixUp').length / batches.length;
    expect(Math.abs(cut - 3 / 8)).toBeLessThan(5 * Math.sqrt(15 / 64 / 2000));
    expect(Math.abs(up - 1 / 8)).toBeLessThan(5 * Math.sqrt(7 / 64 / 2000));
  });

  describe('for each epoch', () => {
    const ofEpoch = { ...augmentation([], mixes, 0.5), mixEvery: 'epoch' as const };
    const mixed = (epoch: number, batch: number, seed = 5) =>
      drawMix(ofEpoch, shape, { size: 4, seed, epoch, batch });
    const epochs = Array.from({ length: 2000 }, (_, epoch) => epoch);

    test('are one for all its batches, each with a share of its own', () => {
      for (const epoch of epochs.slice(0, 40)) {
        const batches = Array.from({ length: 5 }, (_, batch) => mixed(epoch, batch));
        expect(new Set(batches.map(mix => mix?.kind)).size).toBe(1);
        if (batches[0]) expect(new Set(batches.map(mix => mix!.lambda)).size).toBe(5);
      }
    });

    test('are drawn by weight, with the probability that an epoch is mixed at all', () => {
      const kinds = epochs.map(epoch => mixed(epoch, 0)?.kind);
      const share = (kind: string) => kinds.filter(other => other === kind).length / kinds.length;
      expect(Math.abs(share('cutMix') - 3 / 8)).toBeLessThan(5 * Math.sqrt(15 / 64 / 2000));
      expect(Math.abs(share('mixUp') - 1 / 8)).toBeLessThan(5 * Math.sqrt(7 / 64 / 2000));
      expect(epochs.map(epoch => mixed(epoch, 0, 6)?.kind)).not.toEqual(kinds);
    });

    test('are the same whichever epoch a run begins with', () => {
      const all = epochs.slice(0, 20).map(epoch => mixed(epoch, 3));
      expect(epochs.slice(12, 20).map(epoch => mixed(epoch, 3))).toEqual(all.slice(12));
    });
  });

  test('pair each image with the one before it, as torchvision does', () => {
    expect([...drawn(1, 1)[0]!.permutation]).toEqual([3, 0, 1, 2]);
  });

  test('none listed, none drawn', () => {
    expect(drawMix(augmentation([]), shape, { size: 4, seed: 0, epoch: 0, batch: 0 })).toBeNull();
  });
});
