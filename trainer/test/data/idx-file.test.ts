import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { readIdx } from '../../data/sources/idx-file.js';
import { IdxSource } from '../../data/sources/idx-source.js';
import { temporaryFolder } from '../temporary-folder.js';
import { idx } from './fixtures/images.js';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

function file(content: Uint8Array): string {
  const path = join(folder, 'x-idx3-ubyte');
  writeFileSync(path, content);
  return path;
}

test('values, plain and gzipped', () => {
  const whole = idx([2, 3, 1], Uint8Array.of(1, 2, 3, 4, 5, 6));
  for (const content of [whole, gzipSync(whole)])
    expect(readIdx(file(content), 3)).toEqual({ dimensions: [2, 3, 1], data: whole.subarray(16) });
});

test.each<[string, Uint8Array, string]>([
  [
    'no values but many images',
    idx([2 ** 32 - 1, 0, 0], new Uint8Array()),
    'expected images of at least 1×1',
  ],
  [
    'more values than bytes',
    idx([2, 3, 3], new Uint8Array(17)),
    '2×3×3 values need 34 bytes, the file has 33',
  ],
  [
    'a product beyond all numbers',
    idx([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], new Uint8Array(9)),
    'values need',
  ],
  ['another rank', idx([9], new Uint8Array(9)), 'not an IDX file of bytes with 3 dimensions'],
  ['no header', Buffer.of(0, 0), 'not an IDX file'],
  [
    'gzipped values that can’t be there',
    gzipSync(idx([100_000, 100, 100], new Uint8Array())),
    'values can’t be in',
  ],
  [
    'a gzipped file that goes on and on',
    gzipSync(idx([1, 3, 3], new Uint8Array(50_000_000))),
    'more than the 25 bytes that it says it has',
  ],
  ['half a gzipped file', gzipSync(idx([1, 3, 3], new Uint8Array(9))).subarray(0, -9), 'can’t be gunzipped'],
])('%s', (_, content, message) => {
  const path = file(content);
  expect(() => new IdxSource([{ path, name: 'x' }])).toThrow(`x-idx3-ubyte: `);
  expect(() => new IdxSource([{ path, name: 'x' }])).toThrow(message);
});

test('any bytes are values or an error of words', () => {
  const header = fc.tuple(fc.nat(2 ** 32 - 1), fc.nat(3), fc.nat(3));
  fc.assert(
    fc.property(header, fc.uint8Array({ maxLength: 12 }), fc.boolean(), (dimensions, data, isPacked) => {
      const content = idx(dimensions, data);
      try {
        const found = new IdxSource([{ path: file(isPacked ? gzipSync(content) : content), name: 'x' }]);
        expect(found.names.length).toBeLessThanOrEqual(data.length);
      } catch (error) {
        expect((error as Error).constructor.name).toBe('Error');
      }
    }),
    { numRuns: 200 },
  );
});
