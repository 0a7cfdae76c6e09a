import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Draws, purposeKey, shuffle, threefry4x32 } from '../../random/random.js';

const words = (text: string) => Uint32Array.from(text.split(' '), word => Number.parseInt(word, 16));

/** Known answers of Random123 1.14, tests/kat_vectors: counter, key, output. */
test.each([
  ['0 0 0 0', '0 0 0 0', '9c6ca96a e17eae66 fc10ecd4 5256a7d8'],
  [
    'ffffffff ffffffff ffffffff ffffffff',
    'ffffffff ffffffff ffffffff ffffffff',
    '2a881696 57012287 f6c7446e a16a6732',
  ],
  [
    '243f6a88 85a308d3 13198a2e 03707344',
    'a4093822 299f31d0 082efa98 ec4e6c89',
    '59cd1dbb b8879579 86b5d00c ac8b6d84',
  ],
])('Threefry-4x32-20 of counter %s, key %s', (counter, key, expected) => {
  const output = new Uint32Array(4);
  threefry4x32(words(key), words(counter), output);
  expect(output).toEqual(words(expected));
});

describe('draws', () => {
  const place = fc.tuple(fc.maxSafeNat(), fc.nat(2 ** 32 - 1), fc.nat(1e6), fc.nat(1e7));

  test('depend on their place alone, not on what was drawn before', () => {
    fc.assert(
      fc.property(place, place, fc.nat(7), (first, second, drawn) => {
        const draws = new Draws().at(...second);
        for (let i = 0; i < drawn; i++) draws.uniform();
        draws.at(...first);
        const again = new Draws().at(...first);
        expect([draws.uniform(), draws.uniform(), draws.uniform()]).toEqual([
          again.uniform(),
          again.uniform(),
          again.uniform(),
        ]);
      }),
    );
  });

  test('differ where any part of the place differs, and beyond 32 bits of the seed', () => {
    const places: [number, number, number, number][] = [
      [1, 2, 3, 4],
      [2, 2, 3, 4],
      [1, 3, 3, 4],
      [1, 2, 4, 4],
      [1, 2, 3, 5],
      [1 + 2 ** 32, 2, 3, 4],
    ];
    const drawn = places.map(at => new Draws().at(...at).uniform());
    expect(new Set(drawn).size).toBe(places.length);
  });

  test('are uniform: mean, variance and all eighths within 5 standard errors', () => {
    const n = 100_000;
    const draws = new Draws().at(7, purposeKey('test'), 0, 0);
    const eighths = new Array(8).fill(0);
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const u = draws.uniform();
      sum += u;
      squares += u * u;
      eighths[Math.floor(u * 8)]++;
    }
    expect(Math.abs(sum / n - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(squares / n - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / n));
    for (const count of eighths) expect(Math.abs(count / n - 1 / 8)).toBeLessThan(5 * Math.sqrt(7 / 64 / n));
  });
});

test('shuffling permutes', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(1000), (length, seed) => {
      const values = Int32Array.from({ length }, (_, i) => i);
      shuffle(values, new Draws().at(seed, 1, 0, 0));
      expect(Int32Array.from(values).sort()).toEqual(Int32Array.from({ length }, (_, i) => i));
    }),
  );
});

test('each order of three is as likely', () => {
  const counts = new Map<string, number>();
  const n = 12_000;
  for (let i = 0; i < n; i++) {
    const values = Int32Array.of(0, 1, 2);
    shuffle(values, new Draws().at(0, 1, 0, i));
    counts.set(values.join(), (counts.get(values.join()) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values())
    expect(Math.abs(count / n - 1 / 6)).toBeLessThan(5 * Math.sqrt(5 / 36 / n));
});

test('purposes have keys of their own', () => {
  const names = ['shuffle', 'augmentation', 'mix', 'split', 'dropout', 'initialization'];
  expect(new Set(names.map(purposeKey)).size).toBe(names.length);
  // FNV-1a of the name, as the golden references use it.
  expect(purposeKey('input')).toBe(4191711099);
});
