import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { expandGrid } from '../../grid/expand.js';
import { parseGrid } from '../../grid/load.js';
import { stoppingWarnings } from '../../planning/stopping-warnings.js';

const rates = Array.from({ length: 9 }, (_, at) => (at + 1) / 100);

/** Warnings on a grid of nine rates with a block. */
function warned(stopping: object, change: object = {}, axes: object = {}) {
  const text = stringify({
    name: 'nine',
    data: { format: 'mnist' },
    model: { name: 'resnet20', width: 4 },
    optimizer: 'sgd',
    train: { epochs: 27, batchSize: 8 },
    axes: { 'optimizer.learningRate': rates, ...axes },
    stopping: { rule: 'halving', ...stopping },
    ...change,
  });
  const grid = parseGrid('nine.yaml', text);
  return stoppingWarnings(grid, expandGrid(grid)).map(({ path, message }) => `${path}: ${message}`);
}

it('has nothing to say of nine configurations of one kind, and of grids without a rule', () => {
  expect(warned({})).toEqual([]);
  expect(warned({ rule: 'none' }, { axes: { seed: [1, 2] } })).toEqual([]);
});

it('warns of few configurations, and of a share of them below two', () => {
  const few = warned({}, { axes: { 'optimizer.learningRate': [0.1, 0.01, 0.001], seed: [1, 2, 3] } });
  expect(few[0]).toMatch(/^stopping: the grid has 3 configurations: with fewer than 9/);
  expect(few[1]).toMatch(/^stopping(\.keep)?: comes to less than 2 of 3/);
  expect(few).toHaveLength(2);
  expect(warned({ keep: '1/5' })).toEqual([
    expect.stringMatching(/^stopping\.keep: comes to less than 2 of 9/),
  ]);
});

it('warns of schedules and lengths that are compared, unless they are kept apart', () => {
  const schedules = { scheduler: { cosine: { name: 'cosine' }, plateau: { name: 'plateau' } } };
  expect(warned({}, {}, schedules)).toEqual([expect.stringMatching(/different shape \(cosine, plateau\)/)]);
  expect(warned({ within: ['scheduler'] }, {}, schedules)).toEqual([]);
  const lengths = { 'train.epochs': [27, 54] };
  expect(warned({}, {}, lengths)).toEqual([expect.stringMatching(/different train\.epochs \(27, 54\)/)]);
  expect(warned({ within: ['train.epochs'] }, {}, lengths)).toEqual([]);
});

it('warns of rungs that come too early, and of those that a cell never gets to', () => {
  const warmup = { scheduler: { name: 'cosine', warmupEpochs: 5 } };
  expect(warned({}, warmup)).toEqual([
    expect.stringMatching(
      /^stopping(\.rungs\[0\])?: is epoch 3 of 27 for some cells, its warm-up takes 5: .* epoch 7 instead/,
    ),
  ]);
  expect(warned({ after: 3 }, warmup)).toEqual([]);
  expect(warned({ rungs: [2, 9] })).toEqual([expect.stringMatching(/is epoch 2 of 27 .* epoch 3 instead/)]);
  const short = warned({ rungs: ['1/3'] }, { train: { epochs: 3, batchSize: 8 } });
  expect(short).toEqual([expect.stringMatching(/where a cell of 3 epochs is at its end/)]);
});
