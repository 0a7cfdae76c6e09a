import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangeWithoutOutliers, smoothed } from '../../web/curve-values.js';

test('smoothing has no pull towards zero, and leaves gaps where they are', () => {
  expect(smoothed([0.8, 0.8, null, 0.8, undefined], 0.9).map(value => value && +value.toFixed(12))).toEqual([
    0.8,
    0.8,
    null,
    0.8,
    undefined,
  ]);
  // By hand: (0.5 · 1 + 1 · 3) / (0.5 + 1).
  expect(smoothed([1, 3], 0.5)[1]).toBeCloseTo(7 / 3, 12);
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }), values => {
      for (const [index, value] of smoothed(values, 0).entries()) expect(value! === values[index]).toBe(true);
      for (const value of smoothed(values, 0.7)) {
        expect(value!).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
        expect(value!).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
      }
    }),
  );
});

test('what is far off is left out of the range, and nothing is where nothing is far off', () => {
  const usual = Array.from({ length: 50 }, (_, i) => 1 + i / 50);
  expect(rangeWithoutOutliers(usual)).toBeNull();
  const [least, most] = rangeWithoutOutliers([...usual, 1000, null])!;
  expect(least).toBeGreaterThan(0.9);
  expect(most).toBeLessThan(2.2);
  expect(rangeWithoutOutliers([1, 1000])).toBeNull();
  expect(rangeWithoutOutliers(Array(50).fill(1))).toBeNull();
});
