import { expect, test } from 'vitest';
import { claimsOf, verifyClaims } from '../../../conclusions/claims.js';
import { readCompared } from '../../../conclusions/compare/compare.js';
import { imageDifference, type PredictionsOf } from '../../../conclusions/compare/images.js';
import { mcNemarTest } from '../../../statistics/binomial.js';
import { mean } from '../../../statistics/moments.js';
import { signFlipTest } from '../../../statistics/pairs.js';
import type { KeptPredictions } from '../../../store/kept-predictions.js';
import { madeUpStore, noise, outcome } from '../fixtures.js';

/** `right`: one character an image, `1`: right. */
const kept = (right: string, more: Partial<KeptPredictions> = {}): KeptPredictions => ({
  epoch: 3,
  images: 'these',
  isRight: [...right].map(character => character === '1'),
  ...more,
});
const one = (model: string, seed = '0') => outcome({ model, seed }, 0.5);
const by =
  (predictions: Record<string, KeptPredictions>): PredictionsOf =>
  cell => {
    const { model, seed } = JSON.parse(cell);
    return predictions[`${model}${seed}`] ?? null;
  };

test('one cell each: the images that just one gets right, by McNemar’s exact test', () => {
  const a = kept(`${'1'.repeat(12)}${'0'.repeat(3)}${'1'.repeat(60)}${'0'.repeat(25)}`);
  const b = kept(`${'0'.repeat(12)}${'1'.repeat(3)}${'1'.repeat(60)}${'0'.repeat(25)}`);
  const of = by({ a0: a, b0: b });
  const found = imageDifference([one('a')], [one('b')], of)!;
  expect(found).toMatchObject({ estimate: 0.09, images: 100, only: [12, 3], p: mcNemarTest(12, 3) });
  // Two-sided binomial: 2 (1 + 15 + 105 + 455) / 2^15.
  expect(found.p).toBeCloseTo((2 * 576) / 2 ** 15, 12);
  expect(found.interval![0]).toBeGreaterThan(0);
  const turned = imageDifference([one('b')], [one('a')], of)!;
  expect(turned).toMatchObject({ estimate: -0.09, only: [3, 12], p: found.p });
  expect(turned.interval![0]).toBeCloseTo(-found.interval![1], 12);
  const same = imageDifference([one('a')], [one('c')], by({ a0: a, c0: a }));
  expect(same).toMatchObject({ estimate: 0, interval: null, p: 1, only: [0, 0] });
});

test('several seeds: the share that gets an image right, the image as the unit', () => {
  const of = by({ a0: kept('1110'), a1: kept('1100'), b0: kept('1000'), b1: kept('0100') });
  const found = imageDifference([one('a'), one('a', '1')], [one('b'), one('b', '1')], of)!;
  const differences = [0.5, 0.5, 0.5, 0];
  expect(found).toMatchObject({ estimate: mean(differences), images: 4, only: null });
  expect(found.p).toBe(signFlipTest([0.5, 0.5, 0.5]));
  expect(found.cells.map(({ length }) => length)).toEqual([2, 2]);
  // A seed more that is the same twice is no more evidence.
  const twice = by({ a0: kept('1110'), a1: kept('1110'), b0: kept('1000'), b1: kept('1000') });
  const single = imageDifference([one('a')], [one('b')], twice)!;
  const both = imageDifference([one('a'), one('a', '1')], [one('b'), one('b', '1')], twice)!;
  expect(both.estimate).toBe(single.estimate);
  expect(both.p).toBeCloseTo(single.p, 12);
});

test('of many images Student’s p comes near McNemar’s', () => {
  const draw = (name: string, share: number) =>
    kept(Array.from({ length: 2000 }, (_, i) => (noise(`${name} ${i}`) < share ? '1' : '0')).join(''));
  const of = by({ a0: draw('a', 0.62), a1: draw('a', 0.62), b0: draw('b', 0.59) });
  const exact = imageDifference([one('a')], [one('b')], of)!;
  const found = imageDifference([one('a'), one('a', '1')], [one('b')], of)!;
  expect(found.estimate).toBeCloseTo(exact.estimate, 12);
  expect(Math.abs(found.p - exact.p)).toBeLessThan(0.03);
  expect(found.interval![0]).toBeCloseTo(exact.interval![0], 2);
});

test('other images, other weights and none at all are no pair', () => {
  const right = kept('1100');
  for (const other of [{ images: 'others' }, { epoch: 2 }])
    expect(
      imageDifference([one('a')], [one('b')], by({ a0: right, b0: kept('1000', other) })),
      JSON.stringify(other),
    ).toBeNull();
  expect(imageDifference([one('a')], [one('b')], by({ a0: right }))).toBeNull();
  const lost = outcome({ model: 'b', seed: '1' }, null);
  expect(imageDifference([one('a')], [one('b'), lost], by({ a0: right, b0: right }))).toBeNull();
  // Of several groups the one that most cells are in.
  const mixed = by({
    a0: right,
    a1: kept('1000', { images: 'others' }),
    b0: kept('0000', { images: 'others' }),
    b1: right,
    b2: right,
  });
  const seeds = ['0', '1', '2'].map(seed => one('b', seed));
  const found = imageDifference([one('a'), one('a', '1')], seeds, mixed)!;
  expect(found.cells.map(side => side.map(cell => JSON.parse(cell).seed))).toEqual([['0'], ['1', '2']]);
});

/** Models with a quarter of the images right by chance, and more where their number is higher. */
const predicted = (cell: string, share: number, images = 400): KeptPredictions => ({
  epoch: 3,
  images: 'these',
  isRight: Array.from({ length: images }, (_, i) => noise(`${cell} ${i}`) < share),
});

test('the page takes the place of what can’t be paired, says what it rests on, and is verified', async () => {
  const axes = { model: ['r18', 'r34', 'r50'], seed: ['0'] };
  const values: Record<string, number> = { r18: 0.5, r34: 0.65, r50: 0.5 };
  const store = await madeUpStore({
    axes,
    fate: ({ model }) => ({ accuracies: [0.2, 0.3, values[model!]!] }),
  });
  const modelOf = new Map(
    store.storedCells('made-up').map(({ cellId, labels }) => [cellId, labels.model!] as const),
  );
  const predictionsOf = (cell: string) => {
    const model = modelOf.get(cell)!;
    return model === 'r50' ? null : predicted(model, values[model]!);
  };
  const page = readCompared(store, ['r18', 'r34', 'r50'], undefined, {
    evaluationOf: () => null,
    predictionsOf,
  });
  const [first, second, pair, ...others] = page.claims;
  expect(others).toEqual([]);
  for (const claim of [first!, second!])
    expect(claim.text).toContain(
      'as if each had its own (no predictions of the same images are kept of both)',
    );
  expect(pair).toMatchObject({ kind: 'compareImages', n: 400, unit: 'images', verdict: 'holds' });
  expect(pair!.id).toMatch(/^compare\/.*\/images$/);
  expect(pair!.text).toMatch(
    /^r34 gets more validation images right than r18: \+1\d\.\d points \[\d+\.\d, \d+\.\d\], p .*; paired over 400 validation images, \d+ of them got right by r18 alone and \d+ by r34 alone \(McNemar's exact test\); one seed each: another seed may turn it round$/,
  );
  expect(verifyClaims([pair!], claimsOf(store, 'made-up', [pair!], predictionsOf))).toEqual([]);
  expect(verifyClaims([pair!], claimsOf(store, 'made-up', [pair!])).map(({ kind }) => kind)).toEqual([
    'gone',
  ]);
  store.close();
});

test('beside what the seeds say it leaves that as it is', async () => {
  const store = await madeUpStore({
    axes: { model: ['r18', 'r34'], seed: ['0', '1', '2'] },
    fate: labels => ({ accuracies: [0.2, 0.3, 0.5 + 0.02 * noise(JSON.stringify(labels))] }),
  });
  const call = (predictionsOf: PredictionsOf) =>
    readCompared(store, ['r18', 'r34'], undefined, { evaluationOf: () => null, predictionsOf }).claims;
  const [bySeeds, byImages] = call(cell => predicted(cell, 0.5));
  expect([bySeeds]).toEqual(call(() => null));
  expect(byImages!.text).toMatch(
    /can't be told apart by their validation images: .* points \[.*\], p = .*; paired over 400 validation images, by the share of 3 and 3 seeds that gets each right; it counts these seeds alone/,
  );
  expect(byImages!.cells).toHaveLength(6);
  const some = store.storedCells('made-up')[0]!.cellId;
  const [, part] = call(cell => (cell === some ? null : predicted(cell, 0.5)));
  expect(part!.text).toContain('by the share of 2 of 3 and 3 seeds');
  store.close();
});
