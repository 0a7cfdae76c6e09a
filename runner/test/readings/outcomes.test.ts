import { expect, test } from 'vitest';
import { readOutcomes } from '../../readings/outcomes.js';
import type { StoreReader } from '../../store/run-store.js';
import { type Fate, madeUpStore } from '../conclusions/fixtures.js';

const models = ['a', 'b', 'c', 'd'];
async function storeOf(...fates: Fate[]) {
  const axes = { model: models.slice(0, fates.length) };
  return madeUpStore({ axes, fate: ({ model }) => fates[models.indexOf(model!)]! });
}
const valuesOf = (store: StoreReader, epoch?: number) =>
  readOutcomes(store, undefined, epoch).outcomes.map(({ labels, value, failure }) => [
    labels.model,
    value,
    failure,
  ]);

test('full-length cells count with their best epoch', async () => {
  const store = await storeOf({ accuracies: [0.1, 0.3, 0.2] }, { accuracies: [0.5, null, null] }, null);
  expect(readOutcomes(store)).toMatchObject({ epoch: null, stopped: 0, open: 1, validationImages: 10_000 });
  expect(valuesOf(store)).toEqual([
    ['a', 0.3, null],
    ['b', 0.5, null],
  ]);
  expect(readOutcomes(store).outcomes[0]).toMatchObject({ epochSeconds: 2, epochsAsked: 3 });
  store.close();
});

test('where one was stopped, all count as they were then: survivors alone would flatter', async () => {
  const store = await storeOf(
    { accuracies: [0.1, 0.3, 0.9] },
    { accuracies: [0.2, 0.1], end: 'stopped' },
    { accuracies: [0.1, 0.2], end: 'running' },
    { accuracies: [0.1], end: 'running' },
  );
  expect(readOutcomes(store)).toMatchObject({ epoch: 2, stopped: 1, open: 1 });
  expect(valuesOf(store)).toEqual([
    ['a', 0.3, null],
    ['b', 0.2, null],
    ['c', 0.2, null],
  ]);
  expect(valuesOf(store, 1)).toEqual([
    ['a', 0.1, null],
    ['b', 0.2, null],
    ['c', 0.1, null],
    ['d', 0.1, null],
  ]);
  expect(() => readOutcomes(store, undefined, 3)).toThrow('the highest that all have is 2');
  store.close();
});

test('an end without a value by its own doing counts, one by the machine’s doesn’t', async () => {
  const store = await storeOf(
    { failure: 'nanLoss' },
    { failure: 'lostSlot' },
    { accuracies: [null, null, null] },
    { failure: 'crash' },
  );
  expect(valuesOf(store)).toEqual([
    ['a', null, 'diverged'],
    ['c', null, 'diverged'],
    ['d', null, 'crash'],
  ]);
  expect(readOutcomes(store).open).toBe(1);
  store.close();
});
