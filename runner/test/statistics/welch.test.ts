import { expect, test } from 'vitest';
import { standardDeviation } from '../../statistics/moments.js';
import { welchTest } from '../../statistics/welch.js';

test.each([
  [{ mean: 0.9, std: 0.01, n: 3 }, { mean: 0.88, std: 0.02, n: 3 }, 0.22088084049409554],
  [{ mean: 0.971, std: 0.0012, n: 5 }, { mean: 0.969, std: 0.0011, n: 5 }, 0.025345760858034992],
  [{ mean: 0.5, std: 0.1, n: 2 }, { mean: 0.6, std: 0.001, n: 2 }, 0.39180782945822085],
  [{ mean: 0.7, std: 0.03, n: 40 }, { mean: 0.69, std: 0.05, n: 25 }, 0.3724460613636131],
  [{ mean: 1.2, std: 0.4, n: 2 }, { mean: 1.2, std: 0.1, n: 7 }, 1.0],
  [{ mean: 0.9, std: 0.001, n: 3 }, { mean: 0.7, std: 0.001, n: 3 }, 1.6664814976838863e-9],
])('Welch’s p of %o and %o is that of SciPy 1.17 ttest_ind_from_stats', (a, b, p) => {
  expect(welchTest(a, b)).toBeCloseTo(p, 10);
  expect(welchTest(b, a)).toBeCloseTo(p, 10);
});

test('without spread only the means decide', () => {
  const at = (mean: number) => ({ mean, std: 0, n: 2 });
  expect(welchTest(at(1), at(1))).toBe(1);
  expect(welchTest(at(1), at(1.0000001))).toBe(0);
});

test('equal values have no spread at all', () => {
  expect(standardDeviation([0.1, 0.1, 0.1])).toBe(0);
  expect(standardDeviation([0.1])).toBeNull();
});
