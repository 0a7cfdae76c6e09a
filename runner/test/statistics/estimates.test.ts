import { expect, test } from 'vitest';
import { bestOfCurve } from '../../statistics/best-of.js';
import { mean } from '../../statistics/moments.js';
import { probabilityOfBetter } from '../../statistics/probability-of-better.js';
import { keyedRandom } from '../../statistics/random.js';
import { shrunkMeans } from '../../statistics/shrinkage.js';

test('the best of n is the mean over all sets of n', () => {
  const values = [3, 1, 4, 1, 5];
  const bestOf = (n: number, from = 0): number[] =>
    n === 0
      ? [Number.NEGATIVE_INFINITY]
      : values.flatMap((value, i) =>
          i < from ? [] : bestOf(n - 1, i + 1).map(best => Math.max(best, value)),
        );
  for (const [i, expected] of bestOfCurve(values).entries())
    expect(expected).toBeCloseTo(mean(bestOf(i + 1)), 12);
  expect(bestOfCurve(Array.from({ length: 2000 }, (_, i) => i)).at(-1)).toBeCloseTo(1999, 9);
});

test('shrunk means: differences that are all noise go, those far above it stay', () => {
  const means = [0.9, 0.7, 0.65, 0.8, 0.6];
  expect(
    shrunkMeans(
      means,
      means.map(() => 1),
    ),
  ).toEqual(means.map(() => expect.closeTo(0.73, 12)));
  expect(
    shrunkMeans(
      means,
      means.map(() => 0),
    ),
  ).toEqual(means.map(value => expect.closeTo(value, 12)));
  // By hand: Var = 0.0145, c = 2/4, v = 0.01: B = 1 - 0.5 * 0.01 / 0.0145.
  const factor = 1 - 0.005 / 0.0145;
  expect(
    shrunkMeans(
      means,
      means.map(() => 0.01),
    )[0],
  ).toBeCloseTo(0.73 + factor * 0.17, 12);
  // A mean of fewer seeds is drawn further.
  const [sure, unsure] = shrunkMeans([1, 1, 0, 0, -1], [0.01, 0.2, 0.1, 0.1, 0.1]);
  expect(unsure!).toBeLessThan(sure!);
  expect(shrunkMeans([1, 2, 3], [9, 9, 9])).toEqual([1, 2, 3]);
});

test('the chance to be better is the share of pairs won, and few pairs prove little', () => {
  expect(probabilityOfBetter([1, 2, -1, 0]).probability).toBe(0.625);
  expect(probabilityOfBetter([1, 1, 1]).interval[0]).toBeLessThan(0.5);
  expect(probabilityOfBetter([1, 1, 1, 1, 1, 1]).interval[0]).toBeGreaterThan(0.5);
});

test('random numbers are uniform, and the same for the same seed', () => {
  const draw = (seed: number) => Array.from({ length: 20_000 }, keyedRandom(seed));
  const values = draw(3);
  expect(draw(3)).toEqual(values);
  expect(draw(4)[0]).not.toBe(values[0]);
  expect(mean(values)).toBeCloseTo(0.5, 1);
  expect(mean(values.map(value => (value - 0.5) ** 2))).toBeCloseTo(1 / 12, 2);
});
