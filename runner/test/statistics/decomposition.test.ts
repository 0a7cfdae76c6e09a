import { expect, test } from 'vitest';
import { type Combination, decompose } from '../../statistics/decomposition.js';
import { mean } from '../../statistics/moments.js';
import { type PooledVariance, pooledVariance } from '../../statistics/noise.js';
import { keyedRandom } from '../../statistics/random.js';
import { golden } from './golden.js';

const factors = ['a', 'b', 'c'];

/** Runs folded over what differs in nothing but chance. */
function folded(runs: readonly { levels: readonly string[]; value: number }[]): {
  combinations: Combination[];
  noise: PooledVariance | null;
} {
  const groups = new Map<string, { levels: readonly string[]; values: number[] }>();
  for (const { levels, value } of runs) {
    const group = groups.get(levels.join()) ?? { levels, values: [] };
    group.values.push(value);
    groups.set(levels.join(), group);
  }
  const all = [...groups.values()];
  return {
    combinations: all.map(({ levels, values }) => ({ levels, mean: mean(values), n: values.length })),
    noise: pooledVariance(all.map(({ values }) => values)),
  };
}

const { combinations, noise } = folded(
  golden.runs.map(({ a, b, c, value }) => ({ levels: [a, b, c], value })),
);

test.each([
  ['main effects', golden.mainEffects, false],
  ['interactions', golden.interactions, true],
] as const)(
  'type II sums of squares of an incomplete, unequally repeated grid are those of statsmodels: %s',
  (_, expected, interactions) => {
    const { terms } = decompose(factors, combinations, noise, { interactions });
    expect(terms.map(term => term.factors.join(':'))).toEqual(expected.map(([name]) => name));
    for (const [i, [, squares, df]] of expected.entries()) {
      expect(terms[i]!.sumOfSquares).toBeCloseTo(squares, 12);
      expect(terms[i]!.df).toBe(df);
      expect(terms[i]!.aliasedWith).toEqual([]);
    }
  },
);

test('on a complete grid the shares of terms, seeds and rest make up the whole, and those of noise alone are near 0', () => {
  const random = keyedRandom(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const shares = Array.from({ length: 200 }, () => {
    const { combinations, noise } = folded(
      [0, 1, 2, 3].flatMap(a =>
        [0, 1, 2].flatMap(b => [0, 1, 2].map(() => ({ levels: [`${a}`, `${b}`], value: b + normal() }))),
      ),
    );
    const found = decompose(['nothing', 'much'], combinations, noise);
    const sum = found.terms.reduce((total, { share }) => total + share!, 0);
    // What falls below 0 is cut off, which is taken from the seeds' share.
    expect(sum + found.seedShare! + found.restShare!).toBeCloseTo(1, 10);
    return found.terms.map(({ share }) => share!);
  });
  expect(mean(shares.map(([nothing]) => nothing!))).toBeLessThan(0.03);
  // Variances: 2/3 of the factor, 1 of the noise.
  expect(mean(shares.map(([, much]) => much!))).toBeCloseTo(0.4, 1);
});

const line = (...runs: readonly (readonly [string, number])[]) =>
  runs.map(([levels, mean]) => ({ levels: [...levels], mean, n: 1 }));

test('what goes hand in hand with another factor is named, and nothing is claimed of it', () => {
  // The third is the first by another name.
  const { terms } = decompose(
    factors,
    line(['0p0', 1], ['0q0', 2], ['1p1', 4], ['1q1', 5.1]),
    { variance: 0.01, df: 8 },
    { interactions: false },
  );
  expect(terms.map(({ df, aliasedWith }) => [df, aliasedWith])).toEqual([
    [0, [['c']]],
    [1, []],
    [0, [['a']]],
  ]);
  expect(terms[0]).toMatchObject({ f: null, p: null, share: null });
  expect(terms[1]!.p).toBeLessThan(0.001);
});

test('half of a grid: each main effect is an interaction of the two others', () => {
  const half = line(['000', 1], ['011', 2], ['101', 3], ['110', 4.5]);
  const { terms } = decompose(factors, half, { variance: 0.01, df: 8 });
  const of = (...names: string[]) => terms.find(term => term.factors.join() === names.join())!;
  expect(of('a').aliasedWith).toEqual([['b', 'c']]);
  expect(of('b', 'c')).toMatchObject({ df: 0, aliasedWith: [['a']] });
});

test('without repeated runs the interactions are the noise, and without them there is none', () => {
  const grid = line(['0p', 1], ['0q', 2], ['1p', 4], ['1q', 5.1], ['2p', 0], ['2q', 1.2]);
  const found = decompose(['a', 'b'], grid, null);
  expect(found.noise).toMatchObject({ df: 2, from: 'residual' });
  expect(found.terms).toHaveLength(2);
  expect(found.terms[0]!.p).toBeLessThan(0.01);
  expect(found).toMatchObject({ seedShare: null, restShare: null });
  const alone = decompose(['a', 'b'], line(['0p', 1], ['1p', 2]), null);
  expect(alone).toMatchObject({ noise: null, terms: [{ factors: ['a'], f: null, p: null, share: null }] });
});
