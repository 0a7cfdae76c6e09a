import { describe, expect, test } from 'vitest';
import { errorOfMean, moderatedNoise } from '../../statistics/moderated-noise.js';
import { digamma, thirdPolygamma, trigamma } from '../../statistics/polygamma.js';
import { keyedRandom } from '../../statistics/random.js';
import { type Estimate, rankSets } from '../../statistics/rank-sets.js';
import { tukeyKramer } from '../../statistics/several-claims.js';
import { golden } from './golden.js';

describe('rank sets', () => {
  const random = keyedRandom(8);
  const estimates = (count: number, errors: readonly number[]): Estimate[] =>
    Array.from({ length: count }, (_, i) => ({
      value: random(),
      variance: errors[i % errors.length]!,
      df: i % 3 === 0 ? 12 : 30,
    }));

  test.each([
    ['of equal errors', [0.01]],
    ['of different errors', [0.01, 0.002, 0.03]],
  ])('%s are those of all pairs by Tukey and Kramer', (_, errors) => {
    const all = estimates(30, errors);
    const isGreater = (a: Estimate, b: Estimate) =>
      a.value > b.value &&
      tukeyKramer(a.value - b.value, {
        ...{ k: all.length, variance: 1, df: Math.min(a.df, b.df) },
        n: [1 / a.variance, 1 / b.variance],
      }) < 0.05;
    expect(rankSets(all)).toEqual(
      all.map(own => ({
        greater: all.filter(other => isGreater(other, own)).length,
        less: all.filter(other => isGreater(own, other)).length,
      })),
    );
  });

  test('of many different errors claim nothing that pairs don’t claim, and nearly all of it', () => {
    const all = Array.from({ length: 150 }, () => ({
      value: random(),
      variance: 0.01 * random() ** 3,
      df: 40,
    }));
    const exact = all.map(own => {
      const against = all.map(other => rankSets([own, other], { count: all.length })[0]!);
      return {
        greater: against.filter(({ greater }) => greater > 0).length,
        less: against.filter(({ less }) => less > 0).length,
      };
    });
    const found = rankSets(all);
    for (const [i, { greater, less }] of found.entries()) {
      expect(greater).toBeLessThanOrEqual(exact[i]!.greater);
      expect(less).toBeLessThanOrEqual(exact[i]!.less);
    }
    const sum = (sets: readonly { greater: number }[]) =>
      sets.reduce((total, { greater }) => total + greater, 0);
    expect(sum(exact)).toBeGreaterThan(1000);
    expect(sum(found)).toBeGreaterThan(0.95 * sum(exact));
  });

  test('an error that isn’t known tells nothing apart', () => {
    const [a, b] = rankSets([
      { value: 1, variance: Number.POSITIVE_INFINITY, df: 3 },
      { value: 0, variance: 0, df: 3 },
    ]);
    expect([a, b]).toEqual([
      { greater: 0, less: 0 },
      { greater: 0, less: 0 },
    ]);
  });
});

describe('moderated noise', () => {
  test('derivatives of ln Γ are those of SciPy', () => {
    for (const [x, first, second, fourth] of golden.polygamma as readonly number[][]) {
      expect(digamma(x!) / first!).toBeCloseTo(1, 8);
      expect(trigamma(x!) / second!).toBeCloseTo(1, 8);
      expect(thirdPolygamma(x!) / fourth!).toBeCloseTo(1, 6);
    }
  });

  test('spreads that are alike are one, and a group alone has the common one', () => {
    const alike = [0, 1, 2, 3, 4, 5].map(i => [i, i + 0.1, i - 0.1]);
    const noise = moderatedNoise([...alike, [9]])!;
    expect(noise.priorDf).toBe(Number.POSITIVE_INFINITY);
    expect(errorOfMean(noise, [9])).toEqual({ variance: expect.closeTo(0.01, 9), df: 12 });
    expect(errorOfMean(noise, alike[0]!).variance).toBeCloseTo(0.01 / 3, 9);
    expect(moderatedNoise([[1], [2]])).toBeNull();
  });

  test('of spreads that aren’t, each is drawn to the common one', () => {
    const groups = [0.01, 0.02, 0.1, 1, 2, 0.05].map(spread => [0, spread, -spread]);
    const noise = moderatedNoise(groups)!;
    expect(noise.priorDf).toBeLessThan(5);
    const [quiet, , , , loud] = groups.map(group => errorOfMean(noise, group).variance * 3);
    expect(quiet!).toBeGreaterThan(0.01 ** 2);
    expect(quiet!).toBeLessThan(noise.pooled.variance);
    expect(loud!).toBeLessThan(2 ** 2);
    expect(loud!).toBeGreaterThan(noise.pooled.variance);
  });
});
