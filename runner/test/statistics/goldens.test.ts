import { describe, expect, test } from 'vitest';
import {
  binomialTest,
  clopperPearsonInterval,
  fisherTest,
  mcNemarInterval,
  mcNemarTest,
  wilsonInterval,
} from '../../statistics/binomial.js';
import { fCdf, fUpperTail } from '../../statistics/f-distribution.js';
import { mean, standardDeviation } from '../../statistics/moments.js';
import { brownForsythe, pooledVariance } from '../../statistics/noise.js';
import { normalCdf, normalQuantile } from '../../statistics/normal.js';
import { pairedInterval, signFlipTest } from '../../statistics/pairs.js';
import { holm, tukeyKramer } from '../../statistics/several-claims.js';
import { theilSen } from '../../statistics/slope.js';
import { tCdf, tQuantile } from '../../statistics/student.js';
import { studentizedRangeCdf, studentizedRangeQuantile } from '../../statistics/studentized-range.js';
import { welchTest } from '../../statistics/welch.js';
import { golden, type Numbers, type Point } from './golden.js';

/** Relative to values below 1 too: a p-value of 1e-9 has digits that count. */
function close(found: number, expected: number, relative: number, absolute = 1e-300): void {
  expect(Math.abs(found - expected), `${found} should be ${expected}`).toBeLessThanOrEqual(
    Math.max(relative * Math.abs(expected), absolute),
  );
}

/** The last entry is what the function gives for the others; null stands for infinity, which JSON has none of. */
function everyPoint(
  points: readonly Point[],
  of: (...parameters: number[]) => number,
  relative: number,
  absolute?: number,
): void {
  expect(points.length).toBeGreaterThan(3);
  for (const point of points) {
    const numbers = point.map(value => value ?? Number.POSITIVE_INFINITY);
    close(of(...numbers.slice(0, -1)), numbers.at(-1)!, relative, absolute);
  }
}

describe('distributions are those of SciPy', () => {
  test('normal', () => {
    everyPoint(golden.normalCdf, normalCdf, 1e-8);
    everyPoint(golden.normalQuantile, normalQuantile, 1e-9, 1e-15);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(2)).toBeNaN();
  });

  test('Student', () => {
    everyPoint(golden.tCdf, tCdf, 1e-11);
    everyPoint(golden.tQuantile, tQuantile, 1e-11, 1e-14);
    expect(tQuantile(0.975, Number.POSITIVE_INFINITY)).toBeCloseTo(1.959963984540054, 12);
  });

  test('Fisher', () => {
    everyPoint(golden.fUpperTail, fUpperTail, 1e-10);
    expect(fCdf(2.6, 3, 12)).toBeCloseTo(1 - fUpperTail(2.6, 3, 12), 14);
  });

  test('studentized range', () => {
    everyPoint(golden.studentizedRangeCdf, studentizedRangeCdf, 1e-6, 1e-7);
    everyPoint(golden.studentizedRangeQuantile, studentizedRangeQuantile, 1e-5);
  });

  test('the studentized range of two is Student’s t by √2', () => {
    for (const df of [1, 2, 7.5, 60, 24_999, 25_001, Number.POSITIVE_INFINITY])
      close(studentizedRangeQuantile(0.95, 2, df), Math.SQRT2 * tQuantile(0.975, df), 1e-4);
  });
});

describe('tests and intervals are those of SciPy and statsmodels', () => {
  const { groups } = golden;

  test('pooled variance, Brown and Forsythe, Welch, Tukey and Kramer', () => {
    const pooled = pooledVariance(groups)!;
    close(pooled.variance, golden.pooledVariance[0], 1e-12);
    expect(pooled.df).toBe(golden.pooledVariance[1]);
    close(brownForsythe(groups)!, golden.brownForsythe, 1e-10);
    for (const [i, j, p] of golden.tukeyKramer)
      close(
        tukeyKramer(mean(groups[i]!) - mean(groups[j]!), {
          ...pooled,
          k: groups.length,
          n: [groups[i]!.length, groups[j]!.length],
        }),
        p,
        1e-6,
        1e-7,
      );
    const moments = groups.map(group => ({
      mean: mean(group),
      std: standardDeviation(group)!,
      n: group.length,
    }));
    for (const [i, j, p] of golden.welch) close(welchTest(moments[i]!, moments[j]!), p, 1e-9);
  });

  test('groups of one say nothing of the noise, groups of two nothing of equal spread', () => {
    expect(pooledVariance([[1], [2]])).toBeNull();
    expect(pooledVariance([[1], [2, 4]])).toEqual({ variance: 2, df: 1 });
    expect(brownForsythe([[1, 2], [5, 9], [1]])).toBeNull();
  });

  test('sign flips and the interval of pairs', () => {
    for (const [i, values] of golden.differences.entries()) {
      close(signFlipTest(values), golden.signFlip[i]!, 1e-12);
      const [estimate, low, high] = golden.pairedInterval[i]!;
      const found = pairedInterval(values);
      close(found.estimate, estimate, 1e-12);
      close(found.interval![0], low, 1e-9);
      close(found.interval![1], high, 1e-9);
    }
    expect(pairedInterval([1]).interval).toBeNull();
  });

  test('drawn sign flips come near the exact ones, the same each time', () => {
    const many = Array.from({ length: 20 }, (_, i) => Math.sin(i * i) + 0.3);
    const exact = [many.slice(0, 16), many] as const;
    const drawn = signFlipTest(exact[1], 7);
    expect(signFlipTest(exact[1], 7)).toBe(drawn);
    // Student's p: the flips' limit.
    const { estimate, interval } = pairedInterval(many);
    const t = (estimate / (interval![1] - estimate)) * tQuantile(0.975, 19);
    expect(Math.abs(drawn - 2 * (1 - tCdf(Math.abs(t), 19)))).toBeLessThan(0.02);
  });

  test('counts', () => {
    everyPoint(golden.binomialTest, binomialTest, 1e-9);
    everyPoint(golden.mcNemar, mcNemarTest, 1e-10);
    for (const [k, n, low, high] of golden.wilsonInterval as readonly Numbers[]) {
      close(wilsonInterval(k!, n!)[0], low!, 1e-10, 1e-12);
      close(wilsonInterval(k!, n!)[1], high!, 1e-10);
    }
    for (const [k, n, low, high] of golden.clopperPearsonInterval as readonly Numbers[]) {
      close(clopperPearsonInterval(k!, n!)[0], low!, 1e-9, 1e-12);
      close(clopperPearsonInterval(k!, n!)[1], high!, 1e-9);
    }
    for (const [a, b, p] of golden.fisher) close(fisherTest(a, b), p, 1e-9);
  });

  test('the interval of McNemar’s difference leaves out 0 where his test finds one', () => {
    for (let onlyA = 0; onlyA <= 30; onlyA++)
      for (let onlyB = 0; onlyB <= 30; onlyB++) {
        const interval = mcNemarInterval(onlyA, onlyB, 400);
        if (onlyA + onlyB === 0) expect(interval).toBeNull();
        else {
          const [low, high] = interval!;
          const estimate = (onlyA - onlyB) / 400;
          expect(low <= estimate && estimate <= high).toBe(true);
          expect(low > 0 || high < 0).toBe(mcNemarTest(onlyA, onlyB) < 0.05);
        }
      }
  });

  test('Holm', () => {
    for (const [ps, adjusted] of golden.holm)
      for (const [i, p] of holm(ps).entries()) close(p, adjusted[i]!, 1e-12);
  });

  test('Theil and Sen', () => {
    for (const [x, y, [slope, low, high]] of golden.theilSen) {
      const found = theilSen(x, y)!;
      close(found.slope, slope, 1e-12, 1e-15);
      close(found.interval[0], low, 1e-12, 1e-15);
      close(found.interval[1], high, 1e-12, 1e-15);
    }
    expect(theilSen([1, 1], [1, 2])).toBeNull();
  });
});
