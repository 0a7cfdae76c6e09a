import { describe, expect, test } from 'vitest';
import { ImageBuffer } from '../../augmentation/image-buffer.js';
import { meanLuma } from '../../augmentation/operations/luma.js';
import { operations } from '../../augmentation/operations/registry.js';
import { expansionPipeline, transformPipeline } from '../../augmentation/pipeline.js';
import { augMixRanges } from '../../augmentation/policies/magnitudes.js';
import { defaultAugmentation } from '../../contract/defaults.js';
import { transforms } from '../../contract/params.js';
import type { Component } from '../../contract/run-spec.js';
import { withDefaults } from '../../contract/schema.js';
import { goldenImage } from './golden-images.js';

const shape = { height: 40, width: 40, channels: 3 };

/** With all parameters, as a grid would give it. */
const transform = (name: keyof typeof transforms, given: object = {}): Component =>
  withDefaults({ properties: { name: {}, ...transforms[name] } }, { name, ...given }) as Component;

function apply(image: ImageBuffer, step: Component, index: number): ImageBuffer {
  transformPipeline({ ...defaultAugmentation, transforms: [step] }, image)(image, 3, 0, index);
  return image;
}

/** The green channel of a golden image, as each of so many channels. */
function greyImage(channels: number): ImageBuffer {
  const { pixels } = goldenImage(0);
  const image = new ImageBuffer({ ...shape, channels });
  image.load(
    Uint8Array.from({ length: 1600 * channels }, (_, i) => pixels[3 * Math.floor(i / channels) + 1]!),
    0,
  );
  return image;
}

const special: Partial<Record<keyof typeof transforms, object>> = {
  colorJitter: { brightness: 0.4, contrast: [0.5, 2], saturation: 0.4, hue: 0.2 },
  randomErasing: { probability: 1 },
};

test.each(Object.keys(transforms) as (keyof typeof transforms)[])(
  '%s makes of a grey image of one channel what it makes of each channel of a grey one of three',
  name => {
    for (let index = 0; index < 60; index++) {
      const step = transform(name, special[name]);
      const grey = apply(greyImage(1), step, index);
      const colour = apply(greyImage(3), step, index);
      for (let c = 0; c < 3; c++)
        expect(
          Buffer.compare(
            grey.pixels,
            colour.pixels.filter((_, i) => i % 3 === c),
          ),
        ).toBe(0);
      expect(grey.erased).toEqual(colour.erased);
    }
  },
);

describe('randomErasing', () => {
  test('of noise fills with standard normal values', () => {
    let count = 0;
    let sum = 0;
    let squares = 0;
    for (let index = 0; index < 200; index++) {
      const [box] = apply(
        goldenImage(0),
        transform('randomErasing', { probability: 1, value: 'random' }),
        index,
      ).erased;
      expect(box!.fill).toHaveLength(box!.height * box!.width * 3);
      for (const value of box!.fill) {
        count++;
        sum += value;
        squares += value * value;
      }
    }
    expect(Math.abs(sum / count)).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(squares / count - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
  });

  test('of a value a channel takes as many as the image has', () => {
    const step = transform('randomErasing', { probability: 1, value: [0.25, -0.5, 1] });
    expect([...apply(goldenImage(0), step, 0).erased[0]!.fill]).toEqual([0.25, -0.5, 1]);
    expect([...apply(greyImage(1), step, 0).erased[0]!.fill]).toEqual([0.25]);
  });
});

test('cutOut notes squares around pixels of the image, cut off at its border', () => {
  const centres = new Set<number>();
  for (let index = 0; index < 500; index++) {
    const { erased, pixels } = apply(goldenImage(0), transform('cutOut', { holes: 2, length: 16 }), index);
    expect(Buffer.compare(pixels, goldenImage(0).pixels)).toBe(0);
    expect(erased).toHaveLength(2);
    for (const { top, left, height, width, fill } of erased) {
      expect(top >= 0 && left >= 0 && top + height <= 40 && left + width <= 40).toBe(true);
      expect(height >= 8 && height <= 16 && width >= 8 && width <= 16).toBe(true);
      expect([...fill]).toEqual([0]);
      centres.add(top + height < 40 ? top + height - 8 : top + 8);
    }
  }
  expect(centres.size).toBe(40);
});

describe('colorJitter', () => {
  test('keeps each factor within its range', () => {
    const original = meanLuma(goldenImage(0));
    const ratios = Array.from({ length: 500 }, (_, index) => {
      const image = apply(goldenImage(0), transform('colorJitter', { brightness: [0.5, 0.75] }), index);
      return meanLuma(image) / original;
    });
    expect(Math.min(...ratios)).toBeGreaterThan(0.48);
    expect(Math.max(...ratios)).toBeLessThan(0.75);
    expect(Math.min(...ratios)).toBeLessThan(0.52);
    expect(Math.max(...ratios)).toBeGreaterThan(0.73);
  });

  test('applies its parts in every order', () => {
    const parts = { brightness: [0.3, 0.3], contrast: [0.3, 0.3], saturation: [3, 3] };
    const outcomes = new Set(
      Array.from({ length: 200 }, (_, index) =>
        Buffer.from(apply(goldenImage(0), transform('colorJitter', parts), index).pixels).toString('latin1'),
      ),
    );
    expect(outcomes.size).toBe(6);
  });
});

test('grayscale and both flips keep to their probability', () => {
  for (const name of ['grayscale', 'randomHorizontalFlip', 'randomVerticalFlip'] as const) {
    const changed = Array.from({ length: 400 }, (_, index) => {
      const { pixels } = apply(goldenImage(0), transform(name, { probability: 0.3 }), index);
      return Buffer.compare(pixels, goldenImage(0).pixels) !== 0;
    }).filter(Boolean).length;
    expect(Math.abs(changed / 400 - 0.3), name).toBeLessThan(5 * Math.sqrt(0.21 / 400));
  }
});

describe('augMix', () => {
  test('leaves a flat image as it is, whatever it mixes', () => {
    const flat = new ImageBuffer(shape);
    // Magnitude 0 leaves but posterizing to 4 bits and solarizing of 255, which don't change this grey either.
    const step = transform('augMix', { allOps: false, fill: 240, severity: 1 });
    for (let index = 0; index < 100; index++) {
      flat.load(new Uint8Array(4800).fill(240), 0);
      expect(apply(flat, step, index).pixels.every(byte => byte === 240)).toBe(true);
    }
  });

  test('lies between the image and what an operation makes of it', () => {
    const low = Uint8Array.from(goldenImage(0).pixels);
    const high = Uint8Array.from(low);
    for (const { name, magnitudes } of augMixRanges(10, shape, true))
      for (const magnitude of magnitudes?.flatMap(value => [value, -value]) ?? [0]) {
        const image = goldenImage(0);
        operations[name](magnitude, { shape, interpolation: 'bilinear', fill: 0 })(image);
        image.pixels.forEach((byte, i) => {
          low[i] = Math.min(low[i]!, byte);
          high[i] = Math.max(high[i]!, byte);
        });
      }
    const step = transform('augMix', { severity: 10, chainDepth: 1 });
    let changed = 0;
    for (let index = 0; index < 100; index++) {
      const { pixels } = apply(goldenImage(0), step, index);
      expect(pixels.every((byte, i) => byte >= low[i]! && byte <= high[i]!)).toBe(true);
      changed += Number(Buffer.compare(pixels, goldenImage(0).pixels) !== 0);
    }
    expect(changed).toBeGreaterThan(90);
  });
});

test('copies depend on seed, copy and image alone', () => {
  const expansion = {
    copies: 3,
    keepOriginals: true,
    seed: 0,
    transforms: [transform('trivialAugmentWide')],
  };
  const copy = (seed: number, number: number, index: number) => {
    const image = goldenImage(0);
    expansionPipeline({ ...defaultAugmentation, expansion }, shape)(image, seed, number, index);
    return image.pixels;
  };
  const once = copy(4, 1, 7);
  expect(copy(4, 1, 7)).toEqual(once);
  for (const other of [copy(5, 1, 7), copy(4, 2, 7), copy(4, 1, 8)]) expect(other).not.toEqual(once);
});
