/** Sampling against torchvision's own statistics of 200,000 draws (sampling_stats.json of the golden references). */
import { describe, expect, test } from 'vitest';
import { sampleBeta } from '../../augmentation/beta.js';
import { cutMix, cutMixBox } from '../../augmentation/mixes/cut-mix.js';
import { drawErasedBox } from '../../augmentation/transforms/random-erasing.js';
import { drawCropBox } from '../../augmentation/transforms/random-resized-crop.js';
import { Draws, purposeKey } from '../../random/random.js';
import { goldenFile } from '../golden-file.js';

interface Case {
  transform: string;
  image: [number, number];
  scale: [number, number];
  ratio: [number, number];
  alpha: number;
  moments: Record<string, { mean: number; std: number; standard_error_of_mean: number }>;
}

const golden = goldenFile<{
  samples: number;
  cases: Case[];
  beta: { alpha: number; levels: number[]; exact_quantiles: number[]; exact_std: number }[];
  cutmix_boxes: {
    height: number;
    width: number;
    lam: number;
    r_x: number;
    r_y: number;
    box: number[];
    lam_adjusted: number;
  }[];
}>('sampling.json');

const samples = golden.samples;
const draws = new Draws();
const purpose = purposeKey('sampling test');
const box = { top: 0, left: 0, height: 0, width: 0 };

/** Draws one sample of each moment; undefined where the transform gave up. */
const samplers: Record<string, (c: Case, index: number) => Record<string, number> | undefined> = {
  'RandomResizedCrop.get_params': ({ image: [height, width], scale, ratio }, index) => {
    drawCropBox(draws.at(1, purpose, 0, index), { height, width, channels: 3 }, scale, ratio, box);
    return moments(Math.log(box.width / box.height), height * width);
  },
  'RandomErasing.get_params': ({ image: [height, width], scale, ratio }, index) => {
    if (!drawErasedBox(draws.at(2, purpose, 0, index), { height, width, channels: 3 }, scale, ratio, box))
      return undefined;
    return moments(Math.log(box.height / box.width), height * width);
  },
  'CutMix.make_params': ({ image: [height, width], alpha }, index) => {
    const shape = { height, width, channels: 3 };
    const mix = cutMix.draw(
      { name: 'cutMix', alpha },
      shape,
      new Int32Array(1),
      draws.at(3, purpose, 0, index),
    );
    if (mix.kind !== 'cutMix') throw new Error('another mix');
    const { x1, y1, x2, y2 } = mix.box;
    return { x1, y1, x2, y2, box_area_fraction: ((x2 - x1) * (y2 - y1)) / (height * width) };
  },
};

function moments(logRatio: number, area: number) {
  const { top: i, left: j, height: h, width: w } = box;
  return { i, j, h, w, log_ratio: logRatio, area_fraction: (h * w) / area };
}

test.each(golden.cases)('$transform of $image, scale $scale', c => {
  const names = Object.keys(c.moments);
  const sums = new Map(names.map(name => [name, 0]));
  const squares = new Map(names.map(name => [name, 0]));
  let count = 0;
  for (let i = 0; i < samples; i++) {
    const sample = samplers[c.transform]!(c, i);
    if (!sample) continue;
    count++;
    for (const name of names) {
      sums.set(name, sums.get(name)! + sample[name]!);
      squares.set(name, squares.get(name)! + sample[name]! ** 2);
    }
  }
  expect(count).toBeGreaterThan(samples * 0.99);
  for (const [name, expected] of Object.entries(c.moments)) {
    const mean = sums.get(name)! / count;
    const std = Math.sqrt(squares.get(name)! / count - mean ** 2);
    // Both sides are samples: the standard error of their difference is √2 times as large.
    const tolerance = 3 * Math.SQRT2 * expected.standard_error_of_mean;
    expect(Math.abs(mean - expected.mean), name).toBeLessThan(tolerance);
    expect(Math.abs(std / expected.std - 1), name).toBeLessThan(0.02);
  }
});

test.each(golden.beta)('quantiles of Beta($alpha, $alpha)', ({ alpha, levels, exact_quantiles }) => {
  const values = Float64Array.from({ length: samples }, (_, i) =>
    sampleBeta(draws.at(4, purpose, 0, i), alpha),
  );
  levels.forEach((level, i) => {
    const below = values.reduce((count, value) => count + Number(value <= exact_quantiles[i]!), 0);
    const standardError = Math.sqrt((level * (1 - level)) / samples);
    expect(Math.abs(below / samples - level), `${level}`).toBeLessThan(5 * standardError);
  });
});

test('a tiny alpha gives shares of 0 and 1, never NaN', () => {
  for (let i = 0; i < 1000; i++) {
    const share = sampleBeta(draws.at(5, purpose, 0, i), 1e-4);
    expect(share >= 0 && share <= 1).toBe(true);
  }
});

test('CutMix boxes are torchvision’s', () => {
  for (const { height, width, lam, r_x, r_y, box: expected, lam_adjusted } of golden.cutmix_boxes) {
    const { box: cut, lambda } = cutMixBox({ height, width, channels: 3 }, lam, r_x, r_y);
    expect([cut.x1, cut.y1, cut.x2, cut.y2]).toEqual(expected);
    expect(lambda).toBeCloseTo(lam_adjusted, 12);
  }
});

describe('fallbacks', () => {
  test('a crop that never fits is the largest central one within the ratio', () => {
    const shape = { height: 10, width: 40, channels: 1 };
    drawCropBox(draws.at(6, purpose, 0, 0), shape, [1, 1], [3 / 4, 4 / 3], box);
    expect(box).toEqual({ top: 0, left: 13, height: 10, width: 13 });
    drawCropBox(
      draws.at(6, purpose, 0, 0),
      { height: 40, width: 10, channels: 1 },
      [1, 1],
      [3 / 4, 4 / 3],
      box,
    );
    expect(box).toEqual({ top: 13, left: 0, height: 13, width: 10 });
  });

  test('a box that never fits erases nothing', () => {
    const shape = { height: 8, width: 8, channels: 1 };
    expect(drawErasedBox(draws.at(7, purpose, 0, 0), shape, [1, 1], [1, 1], box)).toBe(false);
  });
});
