import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitImages } from '../../data/split.js';

const validation = (changes: object) => ({
  source: 'split' as const,
  fraction: 0.2,
  stratified: true,
  seed: 0,
  ...changes,
});
const labelsOf = (counts: number[]) =>
  Int32Array.from(counts.flatMap((count, label) => new Array(count).fill(label)));
const counts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 8 });
const fraction = fc.double({ min: 0.05, max: 0.9, noNaN: true });

describe('split', () => {
  test('every image is in one part, ascending', () => {
    fc.assert(
      fc.property(counts, fraction, fc.boolean(), fc.nat(), (sizes, share, stratified, seed) => {
        const labels = labelsOf(sizes);
        const { train, validation: held } = splitImages(
          labels,
          sizes.length,
          validation({ fraction: share, stratified, seed }),
        );
        expect(Int32Array.from([...train, ...held]).sort()).toEqual(Int32Array.from(labels.keys()));
        expect(train).toEqual(Int32Array.from(train).sort());
        expect(held).toEqual(Int32Array.from(held).sort());
      }),
    );
  });

  test('stratified: each class gives its share, rounded, and never all of it', () => {
    fc.assert(
      fc.property(counts, fraction, (sizes, share) => {
        const labels = labelsOf(sizes);
        const { validation: held } = splitImages(labels, sizes.length, validation({ fraction: share }));
        sizes.forEach((size, label) => {
          const taken = held.filter(image => labels[image] === label).length;
          expect(Math.abs(taken - size * share)).toBeLessThanOrEqual(1);
          expect(taken).toBeLessThan(size);
        });
      }),
    );
  });

  test('exact where shares are whole', () => {
    const labels = labelsOf([10, 20, 5]);
    const { validation: held } = splitImages(labels, 3, validation({}));
    expect([...held].map(image => labels[image])).toEqual([0, 0, 1, 1, 1, 1, 2]);
  });

  test('where too few are held out for all classes, the seed draws which have some', () => {
    const labels = labelsOf(new Array(10).fill(4));
    const withSome = (seed: number) => {
      const { validation: held, hasDrawnTies } = splitImages(labels, 10, validation({ seed }));
      expect(hasDrawnTies).toBe(true);
      expect(held).toHaveLength(8);
      return new Set(Array.from(held, image => labels[image]!));
    };
    const times = new Int32Array(10);
    for (let seed = 0; seed < 500; seed++) for (const label of withSome(seed)) times[label]!++;
    for (const count of times) expect(Math.abs(count / 500 - 0.8)).toBeLessThan(5 * Math.sqrt(0.16 / 500));
  });

  test('a class that would have none goes before one that has some', () => {
    const labels = labelsOf([9, 4, 9, 4, 4]);
    const { validation: held } = splitImages(labels, 5, validation({ fraction: 0.2 }));
    const found = new Set(Array.from(held, image => labels[image]!));
    expect([...found].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  test('splits without such holes are those of ever', () => {
    // Made before ties were drawn: of three classes of 33, the first two give one more.
    const { validation: held, hasDrawnTies } = splitImages(
      labelsOf([33, 33, 33]),
      3,
      validation({ seed: 7 }),
    );
    expect(hasDrawnTies).toBe(false);
    expect([...held]).toEqual([2, 3, 7, 10, 13, 25, 26, 43, 46, 49, 51, 53, 60, 62, 66, 71, 80, 94, 95, 98]);
  });

  test('is the same for a seed and another for another', () => {
    const labels = labelsOf([50, 50]);
    const heldOut = (seed: number) => splitImages(labels, 2, validation({ seed })).validation;
    expect(heldOut(3)).toEqual(heldOut(3));
    expect(heldOut(3)).not.toEqual(heldOut(4));
  });

  test('each image is held out as often', () => {
    const labels = labelsOf([10, 10]);
    const times = new Int32Array(20);
    for (let seed = 0; seed < 1000; seed++)
      for (const image of splitImages(labels, 2, validation({ seed })).validation) times[image]!++;
    for (const count of times) expect(Math.abs(count / 1000 - 0.2)).toBeLessThan(5 * Math.sqrt(0.16 / 1000));
  });
});
