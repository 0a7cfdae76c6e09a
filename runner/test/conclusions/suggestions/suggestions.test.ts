import { describe, expect, it } from 'vitest';
import { suggestionsOf } from '../../../conclusions/suggestions/suggestions.js';
import { openStore } from '../../../store/open-store.js';
import { curveTo, type MadeUpEpoch, noise, storeGrid } from '../../fixtures/grid-results.js';
import { resultsFolder } from '../../store/fixtures.js';

async function suggested(grid: Parameters<typeof storeGrid>[1]) {
  const results = resultsFolder();
  await storeGrid(results, grid);
  const store = await openStore(results, { readOnly: true });
  try {
    return suggestionsOf(store, 'made-up');
  } finally {
    store.close();
  }
}

const steps = (count: number, of: (epoch: number) => MadeUpEpoch) =>
  Array.from({ length: count }, (_, i) => of(i + 1));
const kindsOf = (found: Awaited<ReturnType<typeof suggested>>) => found.map(({ change }) => change.kind);

describe('more epochs', () => {
  it('are suggested where training and validation still rise at the end', async () => {
    const found = await suggested({
      axes: { model: ['resnet18'] },
      epochs: (_, seed) =>
        steps(40, epoch => ({ validation: 0.01 * epoch + 1e-4 * seed, train: 0.01 * epoch + 0.005 })),
    });
    expect(kindsOf(found)).toEqual(['moreEpochs']);
    const { claim } = found[0]!;
    expect(claim).toMatchObject({
      verdict: 'holds',
      id: 'suggestions/moreEpochs/resnet18',
      n: 8,
      unit: 'epochs',
    });
    expect(claim.estimate).toBeCloseTo(0.01, 12);
    expect(claim.text).toContain('+1 point an epoch over the epochs 33 to 40, and so does its training');
  });

  it.each([
    {
      name: 'validation has come to rest',
      validation: (epoch: number) => 0.5 + 0.001 * noise(epoch),
      train: (epoch: number) => 0.01 * epoch,
    },
    {
      name: 'training has',
      validation: (epoch: number) => 0.01 * epoch,
      train: (epoch: number) => 0.9 + 0.001 * noise(epoch),
    },
  ])('are not where $name', async ({ validation, train }) => {
    const found = await suggested({
      axes: { model: ['resnet18'] },
      seeds: 1,
      epochs: () => steps(40, epoch => ({ validation: validation(epoch), train: train(epoch) })),
    });
    expect(kindsOf(found)).not.toContain('moreEpochs');
  });

  it('of a loss are those where it still falls', async () => {
    const objective = { metric: 'validationAccuracy', direction: 'minimize' } as const;
    const found = await suggested({
      axes: { model: ['resnet18'] },
      spec: { objective },
      objective,
      epochs: () => steps(40, epoch => ({ validation: 1 - 0.01 * epoch, train: 0.995 - 0.01 * epoch })),
    });
    expect(kindsOf(found)).toEqual(['moreEpochs']);
    expect(found[0]!.claim.interval![0]).toBeGreaterThan(0);
  });
});

it('regularization is suggested where training runs away from validation', async () => {
  const found = await suggested({
    axes: { model: ['resnet18', 'resnet34'] },
    epochs: ({ model }, seed) =>
      steps(20, epoch => {
        const validation = Math.min(0.5, 0.1 * epoch) + 0.001 * noise(epoch, seed);
        return { validation, train: model === 'resnet18' ? validation + 0.02 * epoch : validation + 0.03 };
      }),
  });
  expect(kindsOf(found)).toEqual(['regularize']);
  expect(found[0]).toMatchObject({ model: 'resnet18', claim: { verdict: 'holds', n: 2, unit: 'seeds' } });
  expect(found[0]!.claim.text).toMatch(
    /^resnet18 overfits from epoch \d+ on: training is 40 points \[.*above validation/,
  );
});

it('more patience is suggested where a plateau came while the value still rose', async () => {
  const rising = (epoch: number) => ({
    validation: Math.min(0.5, 0.03 * epoch),
    train: 0.5,
    learningRate: epoch < 12 ? 0.1 : 0.01,
  });
  const spec = { scheduler: { name: 'plateau' } };
  const early = await suggested({ axes: { model: ['resnet18'] }, spec, epochs: () => steps(30, rising) });
  expect(kindsOf(early)).toEqual(['morePatience']);
  expect(early[0]!.claim.text).toContain('reduced its rate at epoch 12');
  const late = await suggested({
    axes: { model: ['resnet18'] },
    spec,
    epochs: () =>
      steps(60, epoch => ({
        ...rising(epoch),
        validation: Math.min(0.5, 0.03 * epoch) + 1e-3 * noise(epoch),
        learningRate: epoch < 45 ? 0.1 : 0.01,
      })),
  });
  expect(kindsOf(late)).toEqual([]);
});

describe('an axis is to be extended', () => {
  const rates = [0.01, 0.03, 0.1];
  const grid = (value: (rate: number) => number, models = 6) => ({
    axes: { model: Array.from({ length: models }, (_, i) => `resnet${i}`), 'optimizer.learningRate': rates },
    epochs: (labels: Record<string, string>, seed: number) =>
      curveTo(value(Number(labels['optimizer.learningRate'])) + 0.001 * noise(JSON.stringify(labels), seed)),
  });

  it('where the best value is its largest, by the factor between the last two', async () => {
    const found = await suggested(grid(rate => 0.5 + rate));
    const edge = found.find(({ change }) => change.kind === 'extend')!;
    expect(edge.change).toEqual({
      kind: 'extend',
      axis: 'optimizer.learningRate',
      value: 0.33,
      beside: '0.1',
      end: 'high',
    });
    expect(edge.claim).toMatchObject({ n: 6, unit: 'pairs', p: 0.03125 });
    expect(edge.claim.estimate).toBeCloseTo(0.07, 2);
  });

  it('where it is its smallest', async () => {
    const found = await suggested(grid(rate => 0.5 - rate));
    expect(found.find(({ change }) => change.kind === 'extend')!.change).toMatchObject({
      value: 0.0033,
      end: 'low',
    });
  });

  it('is not where it is between others', async () => {
    expect(kindsOf(await suggested(grid(rate => (rate === 0.03 ? 0.6 : 0.5))))).not.toContain('extend');
  });

  it('of too few pairs is undecided', async () => {
    const found = await suggested(grid(rate => 0.5 + rate, 2));
    const { claim } = found.find(({ change }) => change.kind === 'extend')!;
    expect(claim.verdict).toBe('undecided');
    expect(claim.text).toContain('2 pairs are too few to tell');
  });
});

it('a value that never won can go, where that is no chance', async () => {
  const epochs = (labels: Record<string, string>, seed: number) =>
    curveTo((labels.optimizer === 'lion' ? 0.3 : 0.5) + 0.01 * noise(JSON.stringify(labels), seed));
  const models = (count: number) => Array.from({ length: count }, (_, i) => `resnet${i}`);
  const many = await suggested({ axes: { model: models(14), optimizer: ['sgd', 'adamw', 'lion'] }, epochs });
  const dropped = many.filter(({ change }) => change.kind === 'drop' && change.axis === 'optimizer');
  expect(dropped.map(({ change }) => change)).toEqual([{ kind: 'drop', axis: 'optimizer', label: 'lion' }]);
  expect(dropped[0]!.claim).toMatchObject({ n: 14, verdict: 'holds' });
  expect(dropped[0]!.claim.p).toBeCloseTo((2 / 3) ** 14, 12);
  const few = await suggested({ axes: { model: models(2), optimizer: ['sgd', 'adamw', 'lion'] }, epochs });
  expect(few.find(({ change }) => change.kind === 'drop' && change.label === 'lion')!.claim.verdict).toBe(
    'undecided',
  );
});

it('cells that are not completed say nothing', async () => {
  const found = await suggested({
    axes: { model: ['resnet18', 'resnet34'] },
    epochs: ({ model }) => (model === 'resnet18' ? null : 'failed'),
  });
  expect(found).toEqual([]);
});
