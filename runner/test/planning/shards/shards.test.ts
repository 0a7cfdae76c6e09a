import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { models } from '../../../../trainer/contract/params/models.js';
import { parseShard } from '../../../cli/parse-option.js';
import { plan } from '../../../planning/plan.js';
import { queueOf } from '../../../planning/queue.js';
import { relativeCost } from '../../../planning/shards/relative-cost.js';
import { shardsOf } from '../../../planning/shards/shards.js';
import { base, cellsOf } from '../../grid/grid-fixture.js';

const names = ['resnet18', 'resnet20', 'resnet56', 'vit', 'mobilenetV3Small', 'convnextAtto'];

/** Grids of models (with widths), numbers of epochs, rates and seeds, and a number of shards. */
const sharded = fc
  .record({
    model: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
    epochs: fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 3 }),
    rates: fc.integer({ min: 1, max: 4 }),
    seeds: fc.integer({ min: 1, max: 7 }),
    of: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ model, epochs, rates, seeds, of }) => {
    const axes = {
      model,
      'train.epochs': epochs,
      'optimizer.learningRate': Array.from({ length: rates }, (_, index) => 0.1 * (index + 1)),
      seed: Array.from({ length: seeds }, (_, index) => index),
    };
    return { cells: cellsOf(`optimizer: sgd\nmodel: resnet18\naxes: ${JSON.stringify(axes)}\n`), of };
  });

const loads = (costs: readonly number[], shards: readonly number[], of: number) => {
  const sums = new Array<number>(of).fill(0);
  for (const [index, shard] of shards.entries()) sums[shard - 1]! += costs[index]!;
  return sums;
};
const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

describe('shards', () => {
  it('each cell is in one; they cost the same but for one cell, and have as many of each kind but for one', () => {
    fc.assert(
      fc.property(sharded, ({ cells, of }) => {
        const shards = shardsOf(cells, of);
        expect(shards).toHaveLength(cells.length);
        for (const shard of shards) expect(shard >= 1 && shard <= of && Number.isInteger(shard)).toBe(true);
        const costs = cells.map(({ spec }) => relativeCost(spec));
        expect(spread(loads(costs, shards, of))).toBeLessThanOrEqual(Math.max(...costs) * (1 + 1e-9));
        for (const { spec } of cells) {
          const ofKind = cells.map(other =>
            other.spec.model.name === spec.model.name && other.spec.train.epochs === spec.train.epochs
              ? 1
              : 0,
          );
          expect(spread(loads(ofKind, shards, of))).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are the same wherever the grid and its data lie, and whatever was measured', () => {
    fc.assert(
      fc.property(sharded, ({ cells, of }) => {
        const elsewhere = cells.map(({ spec }) => ({
          spec: structuredClone({ ...spec, data: { ...spec.data, root: '/other' } }),
        }));
        expect(shardsOf(elsewhere, of)).toEqual(shardsOf(cells, of));
      }),
      { numRuns: 20 },
    );
    // What they are must not change from a version to the next either, while machines run different ones.
    const cells = cellsOf(`${base}axes: {model: [vit, resnet20, resnet18], seed: [0, 1, 2, 3]}\n`);
    expect(shardsOf(cells, 3)).toEqual([1, 2, 3, 1, 1, 2, 3, 2, 1, 2, 3, 3]);
  });

  it('a grid of one family is spread over them, and there may be more of them than cells', () => {
    const cells = cellsOf(`${base}axes: {seed: [0, 1, 2]}\n`);
    expect(shardsOf(cells, 2)).toEqual([1, 2, 1]);
    expect(shardsOf(cells, 5)).toEqual([1, 2, 3]);
  });

  it('a plan of one runs its cells alone, whatever the state of the others; a grid has all of them', () => {
    const cells = cellsOf(`${base}axes: {seed: [0, 1, 2]}\n`);
    const stored = cells.map(({ cellId, labels, spec }) => ({
      ...{ cellId, labels, spec, state: 'paused' as const, attempts: 1, priority: 0, epochs: 0 },
      ...{ provenance: null, inputs: null },
    }));
    const fresh = plan(cells, [], undefined, { shard: { number: 2, of: 2 } });
    expect(fresh.cells.map(({ action, otherShard }) => [action, otherShard])).toEqual([
      ['skip', 1],
      ['run', undefined],
      ['skip', 1],
    ]);
    expect(fresh.counts.new).toBe(1);
    const paused = plan(cells, stored, undefined, { shard: { number: 2, of: 2 } });
    const queue = queueOf({ ...paused, engine: null }, () => 0);
    expect(queue.map(({ cell }) => cell.index)).toEqual([1]);
    expect(paused.removed).toEqual([]);
  });
});

it('cost is known of every model, and grows with what makes cells longer', () => {
  const cost = (text: string, optimizer = 'sgd') =>
    relativeCost(cellsOf(`optimizer: ${optimizer}\n${text}\n`)[0]!.spec);
  for (const name of Object.keys(models)) {
    const size = name === 'vitB16' ? 48 : 32;
    expect(cost(`model: ${name}\ndata: {imageSize: ${size}}`), name).toBeGreaterThan(0);
  }
  const one = cost('model: resnet18');
  expect(cost('model: {name: resnet18, width: 32}')).toBeCloseTo(one / 4);
  expect(cost('model: resnet18\ntrain: {epochs: 1}')).toBeLessThan(one);
  expect(cost('model: resnet18', '{name: sgd, sam: {rho: 0.05}}')).toBe(one * 2);
});

it.each(['0/5', '6/5', 'a/b', '2', '2/', '/5', '1.5/2', '-1/5', '1/0', '0/0', '2/5/6', '1/99999999', ''])(
  '--shard %s is refused with what it may be',
  text => {
    expect(() => parseShard(text)).toThrow(/--shard must be K\/N.* such as 2\/5; got/);
  },
);

it('--shard takes the K-th of N', () => {
  expect(parseShard('2/5')).toEqual({ number: 2, of: 5 });
  expect(parseShard('1/1')).toEqual({ number: 1, of: 1 });
});
