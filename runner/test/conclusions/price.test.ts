import { expect, test } from 'vitest';
import { priceOf, seedsToTell, seedsToTellPairs } from '../../conclusions/price.js';
import { describePrice } from '../../conclusions/words.js';
import { outcome } from './fixtures.js';

test('seeds for 80% power: 17, 6 and 4 for one, two and three times the noise', () => {
  const noise = { std: 1, df: 0 };
  expect([1, 2, 3].map(difference => seedsToTell(difference, noise))).toEqual([17, 6, 4]);
  expect(seedsToTell(0.1, noise)).toBeNull();
  expect(seedsToTell(0, noise)).toBeNull();
  // Known noise takes fewer, a stricter level more.
  expect(seedsToTell(2, { std: 1, df: 36 })!).toBeLessThan(6);
  expect(seedsToTell(2, noise, 0.005)!).toBeGreaterThan(6);
});

test('where the settings differ in it, no number of seeds tells', () => {
  expect(seedsToTellPairs(1, { n: 8, spread: 0, std: 1 })).toBeLessThan(5);
  expect(seedsToTellPairs(1, { n: 8, spread: 9, std: 1 })).toBeNull();
});

test('the price counts what is missing, by measured epochs', () => {
  const setting = (count: number, seconds: number | null) =>
    Array.from({ length: count }, (_, seed) =>
      outcome({ seed: `${seed}` }, 0.5, { epochSeconds: seconds, epochsAsked: 30 }),
    );
  expect(priceOf([setting(3, 60), setting(1, 10)], 6)).toEqual({
    seeds: 5,
    runs: 8,
    seconds: 3 * 1800 + 5 * 300,
  });
  expect(priceOf([setting(3, null)], 6)).toEqual({ seeds: 3, runs: 3, seconds: null });
  expect(describePrice({ seeds: 3, runs: 6, seconds: 6000 })).toBe('3 more seeds each, 1 h 40 min');
  expect(describePrice({ seeds: 1, runs: 2, seconds: null })).toBe('1 more seed each, 2 runs');
});
