import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOf, labelsOf } from './grid-fixture.js';

/** A grid of some axes with distinct values, as JSON (which is YAML). */
const axisValues = {
  seed: fc.uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 4 }),
  'train.batchSize': fc.uniqueArray(fc.integer({ min: 1, max: 512 }), { minLength: 1, maxLength: 4 }),
  'train.labelSmoothing': fc
    .uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 3 })
    .map(tenths => tenths.map(n => n / 10)),
  optimizer: fc.subarray(['sgd', 'adam', 'adamw'], { minLength: 1 }),
  'optimizer.weightDecay': fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 3 }),
  'model.width': fc.uniqueArray(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 3 }),
};
const axes = fc
  .record(axisValues, { requiredKeys: [] })
  .chain(record => fc.shuffledSubarray(Object.entries(record), { minLength: Object.keys(record).length }))
  .map(entries => Object.fromEntries(entries) as Record<string, unknown[]>);

const grid = (rest: object) => JSON.stringify({ model: 'resnet20', optimizer: 'sgd', ...rest });
const sizeOf = (axes: Record<string, unknown[]>) =>
  Object.values(axes).reduce((product, { length }) => product * length, 1);
const ids = (cells: { cellId: string }[]) => cells.map(({ cellId }) => cellId);

describe('expansion', () => {
  it('gives each combination once, with its values in its spec', () => {
    fc.assert(
      fc.property(axes, axes => {
        const cells = cellsOf(grid({ axes }));
        expect(cells).toHaveLength(sizeOf(axes));
        expect(new Set(ids(cells)).size).toBe(cells.length);
        expect(new Set(labelsOf(cells)).size).toBe(cells.length);
        for (const { labels, spec } of cells)
          for (const path of Object.keys(axes)) {
            const [section, key] = path.split('.') as ['model', string | undefined];
            const value: unknown = key ? spec[section][key] : (spec[section].name ?? spec[section]);
            expect(String(value)).toBe(labels[path]);
          }
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same cells whatever the order of axes and values', () => {
    fc.assert(
      fc.property(axes, axes => {
        const reversed = Object.fromEntries(
          Object.entries(axes)
            .reverse()
            .map(([path, values]) => [path, [...values].reverse()]),
        );
        expect(ids(cellsOf(grid({ axes: reversed }))).sort()).toEqual(ids(cellsOf(grid({ axes }))).sort());
      }),
      { numRuns: 60 },
    );
  });

  it('is split in two by an exclude and its complement', () => {
    fc.assert(
      fc.property(axes, fc.nat(), (axes, pick) => {
        const entries = Object.entries(axes).filter(([, values]) => values.length > 1);
        fc.pre(entries.length > 0);
        const [path, values] = entries[pick % entries.length]!;
        const first = { [path]: values[0] };
        const rest = { [path]: values.slice(1) };
        const parts = [first, rest].map(exclude => ids(cellsOf(grid({ axes, exclude: [exclude] }))));
        expect(parts.flat().sort()).toEqual(ids(cellsOf(grid({ axes }))).sort());
      }),
      { numRuns: 60 },
    );
  });

  it('samples that many cells of it', () => {
    fc.assert(
      fc.property(axes, fc.integer({ min: 1, max: 50 }), fc.nat(9), (axes, count, seed) => {
        const all = ids(cellsOf(grid({ axes })));
        const drawn = ids(cellsOf(grid({ axes, sample: { count, seed } })));
        expect(drawn).toHaveLength(Math.min(count, all.length));
        expect(all.filter(id => drawn.includes(id))).toEqual(drawn);
      }),
      { numRuns: 60 },
    );
  });
});
