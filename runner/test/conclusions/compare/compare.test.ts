import { expect, test } from 'vitest';
import type { Evaluation } from '../../../../trainer/contract/evaluation.js';
import { claimsOf, verifyClaims } from '../../../conclusions/claims.js';
import { readCompared } from '../../../conclusions/compare/compare.js';
import type { Labels } from '../../../domain/stored.js';
import { compareLines } from '../../../terminal/compare-lines.js';
import { callGrid } from '../../fixtures/in-process.js';
import { resultsFolder } from '../../store/fixtures.js';
import { type MadeUp, madeUpStore, noise, register } from '../fixtures.js';

const axes = { model: ['r18', 'r34', 'r50'], optimizer: ['sgd', 'adamw'], seed: ['0', '1', '2'] };
const shaky = (labels: Labels) => 0.01 * (noise(JSON.stringify(labels)) - 0.5);
const madeUp: MadeUp = {
  axes,
  fate: labels =>
    labels.model === 'r50' && labels.optimizer === 'adamw' && labels.seed === '1'
      ? { failure: 'nanLoss' }
      : { accuracies: [0.2, 0.3, (labels.model === 'r18' ? 0.5 : 0.6) + shaky(labels)] },
};
const none = { evaluationOf: () => null, predictionsOf: () => null };

test('settings, named by labels or by a cell of them, with the evidence of their seeds', async () => {
  const store = await madeUpStore(madeUp);
  const byLabels = readCompared(store, ['r18,sgd', 'r34,sgd'], undefined, none);
  expect(byLabels.sides).toMatchObject([
    { name: 'r18 · sgd', n: 3, lost: 0, seconds: 6 },
    { name: 'r34 · sgd', n: 3, lost: 0 },
  ]);
  expect(byLabels.sides[0]!.curve.map(([epoch]) => epoch)).toEqual([1, 2, 3]);
  expect(byLabels.settings).toEqual([{ path: 'params.model', values: ['"r18"', '"r34"'] }]);
  expect(byLabels.claims).toMatchObject([{ verdict: 'holds', n: 6, unit: 'seeds' }]);
  expect(byLabels.claims[0]!.text).toMatch(
    /^r34 · sgd beats r18 · sgd: \+\d+\.\d points \[.*\], p < 0\.0001; by the seeds, whose noise is pooled over the grid/,
  );
  const cells = byLabels.sides.map(({ cells }) => cells[1]!.slice(0, 6));
  expect(readCompared(store, cells, undefined, none)).toEqual(byLabels);
  store.close();
});

test('two seeds of one setting stand for themselves, and what is chance has a price', async () => {
  const store = await madeUpStore(madeUp);
  const [first] = readCompared(store, ['r18,sgd', 'r34,sgd'], undefined, none).sides;
  const seeds = readCompared(store, first!.cells.slice(0, 2), undefined, none);
  expect(seeds.sides.map(({ cells }) => cells.length)).toEqual([1, 1]);
  expect(seeds.settings).toEqual([{ path: 'seed', values: ['0', '1'] }]);
  expect(seeds.claims[0]!.price).toBeUndefined();
  const same = readCompared(store, ['r34,sgd', 'r34,adamw'], undefined, none).claims[0]!;
  expect(same.verdict).toBe('undecided');
  expect(same.text).toContain("can't be told apart");
  store.close();
});

test('a side that ended without a value has no difference, and says so', async () => {
  const store = await madeUpStore(madeUp);
  const page = readCompared(store, ['r50,sgd', 'r50,adamw'], undefined, none);
  expect(page.sides[1]).toMatchObject({ n: 2, lost: 1 });
  expect(page.claims).toEqual([]);
  expect(compareLines(page).join('\n')).toContain('r50 · adamw ended without a value in 1');
  store.close();
});

test('with one seed each it goes by the validation images, and says what that is worth', async () => {
  const one = { ...axes, seed: ['0'] };
  const store = await madeUpStore({ axes: one, fate: madeUp.fate });
  const [claim] = readCompared(store, ['r18,sgd', 'r34,sgd'], undefined, none).claims;
  expect(claim).toMatchObject({ unit: 'images', n: 10_000, verdict: 'holds' });
  expect(claim!.text).toContain('another seed may turn it round');
  store.close();
  const loss = await madeUpStore({
    axes: one,
    fate: ({ model }) => ({ accuracies: [0.9, 0.8, model === 'r18' ? 0.5 : 0.6] }),
    direction: 'minimize',
  });
  expect(readCompared(loss, ['r18,sgd', 'r34,sgd'], undefined, none).claims[0]!.text).toMatch(
    /^r18 · sgd beats/,
  );
  loss.close();
});

test('a comparison is verified as it was made', async () => {
  const store = await madeUpStore(madeUp);
  const kept = readCompared(store, ['r18,sgd', 'r34,sgd', 'r50,sgd'], undefined, none).claims;
  expect(kept).toHaveLength(3);
  expect(verifyClaims(kept, claimsOf(store, 'made-up', kept))).toEqual([]);
  const gone = kept.map(claim => ({ ...claim, id: claim.id.replaceAll(kept[0]!.cells[0]!, 'f'.repeat(16)) }));
  expect(verifyClaims(gone, claimsOf(store, 'made-up', gone)).map(({ kind }) => kind)).toContain('gone');
  store.close();
});

test('classes and confusions that differ, the furthest apart first', async () => {
  const store = await madeUpStore(madeUp);
  const evaluation = (confusion: number[][]): Evaluation => ({
    ...{ version: 1, epoch: 1, weightsHash: 'a', images: 20, loss: 1, accuracy: 0.5, top5Accuracy: 1 },
    expectedCalibrationError: 0,
    classes: confusion.map((row, i) => ({ name: ['cat', 'dog'][i]!, images: 10, accuracy: row[i]! / 10 })),
    confusion,
  });
  const [a, b] = readCompared(store, ['r18,sgd', 'r34,sgd'], undefined, none).sides;
  const page = readCompared(store, ['r18,sgd', 'r34,sgd'], undefined, {
    ...none,
    evaluationOf: cell =>
      a!.cells.includes(cell)
        ? evaluation([
            [5, 5],
            [1, 9],
          ])
        : b!.cells[0] === cell
          ? evaluation([
              [9, 1],
              [2, 8],
            ])
          : null,
  });
  expect(page.classes!.classes[0]).toEqual({ name: 'cat', images: 10, accuracies: [0.5, 0.9] });
  expect(page.classes!.confusions[0]).toEqual({ own: 'cat', taken: 'dog', counts: [5, 1] });
  expect(compareLines(page).join('\n')).toContain('cat 0.5 → 0.9 (10 images), dog 0.9 → 0.8 (10 images)');
  store.close();
});

test('errors name what there is', async () => {
  const store = await madeUpStore(madeUp);
  const call =
    (...words: string[]) =>
    () =>
      readCompared(store, words, undefined, none);
  expect(call('r18,sgd')).toThrow('compare takes two or more');
  expect(call('r18', 'r34,sgd')).toThrow(
    'r18: 2 settings of grid made-up have these labels (r18 · sgd; r18 · adamw)',
  );
  expect(call('r18,sgd', 'r81,sgd')).toThrow(
    /no cell of grid made-up has these labels; there are: r18, sgd, adamw, r34, r50/,
  );
  expect(call('r18,sgd', 'r18,sgd')).toThrow('named twice');
  register(store, { axes: { model: ['x', 'y'] }, fate: () => null, name: 'other' });
  expect(() => readCompared(store, ['x', 'nope'], 'other', none)).toThrow(/there are: x, y/);
  const queued = readCompared(store, ['x', 'y'], 'other', none);
  expect(queued.claims).toEqual([]);
  expect(compareLines(queued).join('\n')).toContain('x has no value yet');
  store.close();
  const results = resultsFolder();
  expect((await callGrid(['compare', 'a', 'b', '--results', results])).exitCode).toBe(2);
});
