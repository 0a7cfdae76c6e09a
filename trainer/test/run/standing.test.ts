import { expect, test } from 'vitest';
import { asOf, type Standing } from '../../run/standing.js';

const byLoss = { metric: 'validationLoss', direction: 'minimize' } as const;
const byAccuracy = { metric: 'validationAccuracy', direction: 'maximize' } as const;

/** The best accuracy is in the second epoch, the lowest loss in the first. */
const history = [
  { validationAccuracy: 0.5, validationLoss: 0.4, trainLoss: null },
  { validationAccuracy: 0.9, validationLoss: 0.7, trainLoss: 1 },
].map((metrics, i) => ({ epoch: i + 1, step: i + 1, metrics }));

const state = { epoch: 2, step: 2, history, best: { epoch: 2, value: 0.9 } } as unknown as Standing;

test.each([
  ['the same objective', byAccuracy, { epoch: 2, value: 0.9 }, 0],
  ['another one: what was kept, by its measure, and a warning', byLoss, { epoch: 2, value: 0.7 }, 1],
  [
    'one with the same best epoch',
    { metric: 'trainLoss', direction: 'minimize' } as const,
    { epoch: 2, value: 1 },
    0,
  ],
])('best weights as of %s', (_, objective, best, warnings) => {
  const warned: string[] = [];
  expect(asOf(state, objective, words => warned.push(words)).best).toEqual(best);
  expect(warned).toHaveLength(warnings);
});

test('weights without a number for the objective give way to the next epoch that has one', () => {
  const kept = { ...state, best: { epoch: 1, value: 0.5 } };
  const warned: string[] = [];
  expect(
    asOf(kept, { metric: 'trainLoss', direction: 'minimize' }, words => warned.push(words)).best,
  ).toBeNull();
  expect(warned[0]).toContain('epoch 1; by trainLoss epoch 2 is the best');
});

test('where no epoch was the best, none is', () => {
  expect(asOf({ ...state, best: null }, byLoss, () => {}).best).toBeNull();
});
