import { expect, it } from 'vitest';
import { findAlike } from '../../../data/report/alike-images.js';
import { similarHashes } from '../../../data/report/similar-hashes.js';
import { Draws, purposeKey } from '../../../random/random.js';

const draws = new Draws();
const shape = { height: 16, width: 16, channels: 3 };
const pixels = 16 * 16 * 3;

/** Blurred noise: a picture with something to see. */
function picture(index: number): Float64Array {
  draws.at(1, purposeKey('picture'), 0, index);
  const corners = Array.from({ length: 48 }, () => 40 + 175 * draws.uniform());
  return Float64Array.from({ length: pixels }, (_, at) => {
    const [x, y, c] = [Math.floor(at / 3) % 16, Math.floor(at / 48), at % 3];
    return corners[3 * (Math.floor(x / 4) + 4 * Math.floor(y / 4)) + c]!;
  });
}

it('finds copies and pictures that differ to no eye, and no others', () => {
  const all = Array.from({ length: 40 }, (_, index) => picture(index));
  all[12] = all[3]!;
  all[30] = all[3]!;
  // Darker, and noise of one grey level.
  all[21] = all[7]!.map((value, at) => 0.9 * value + (at % 2));
  const images = Uint8Array.from(all.flatMap(picture => [...picture]));
  const { exact, near, isComplete } = findAlike({ ...shape, images });
  expect(exact).toEqual([{ places: [3, 12, 30], correlation: 1 }]);
  expect(near.map(({ places }) => places)).toEqual([[7, 21]]);
  expect(near[0]!.correlation).toBeGreaterThan(0.99);
  expect(isComplete).toBe(true);
});

it('finds each pair of hashes at most 7 bits apart once, as comparing all of them does', () => {
  draws.at(1, purposeKey('hashes'), 0, 0);
  const count = 400;
  const hashes = new Int32Array(2 * count);
  for (let word = 0; word < 2 * count; word++) hashes[word] = draws.uniform() * 2 ** 32;
  for (let image = count / 2; image < count; image++) {
    const original = Math.floor((draws.uniform() * count) / 2);
    hashes.copyWithin(2 * image, 2 * original, 2 * original + 2);
    for (let flips = 0; flips < image % 10; flips++)
      hashes[2 * image + (flips & 1)]! ^= 1 << Math.floor(draws.uniform() * 32);
  }
  const distance = (a: number, b: number) =>
    [0, 1].reduce(
      (sum, word) =>
        sum + ((hashes[2 * a + word]! ^ hashes[2 * b + word]!) >>> 0).toString(2).replaceAll('0', '').length,
      0,
    );
  const expected: string[] = [];
  for (let later = 0; later < count; later++)
    for (let earlier = 0; earlier < later; earlier++)
      if (distance(later, earlier) <= 7) expected.push(`${later} ${earlier}`);
  const found: string[] = [];
  expect(similarHashes(hashes, (later, earlier) => found.push(`${later} ${earlier}`))).toBe(true);
  expect(expected.length).toBeGreaterThan(100);
  expect(found.sort()).toEqual(expected.sort());
});
