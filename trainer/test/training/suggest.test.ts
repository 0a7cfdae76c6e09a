import { expect, it } from 'vitest';
import { smooth, suggest } from '../../diagnosis/range-test/suggest.js';

const points = (losses: readonly number[]) =>
  losses.map((loss, i) => ({ learningRate: 10 ** (i / 10 - 6), loss, smoothed: loss }));

it('suggests where the loss falls fastest, and a tenth of the minimum', () => {
  // A logistic fall around step 30, a rise from step 50 on.
  const losses = Array.from(
    { length: 60 },
    (_, i) => 2 / (1 + Math.exp((i - 30) / 3)) + (i > 50 ? (i - 50) ** 2 : 0),
  );
  expect(suggest(points(losses))).toEqual({
    steepest: 10 ** (30 / 10 - 6),
    tenthOfMinimum: 10 ** (50 / 10 - 6) / 10,
  });
});

it.each([
  ['a loss that only grows', [1, 2, 3, 4]],
  ['a loss that stays', [1, 1, 1, 1]],
  ['a single step', [1]],
])('suggests nothing for %s', (_, losses) => {
  expect(suggest(points(losses))).toEqual({ steepest: null, tenthOfMinimum: null });
});

it('smoothing doesn’t move a minimum', () => {
  const losses = Array.from({ length: 200 }, (_, i) => (i - 120) ** 2 + 50 * (i % 2));
  const smoothed = smooth(losses, 200);
  expect(Math.abs(smoothed.indexOf(Math.min(...smoothed)) - 120)).toBeLessThanOrEqual(1);
});
