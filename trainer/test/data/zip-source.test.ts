import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Problems } from '../../data/data-error.js';
import { listZip, ZipSource } from '../../data/sources/zip-source.js';
import { temporaryFolder } from '../temporary-folder.js';
import { jpeg } from './fixtures/images.js';
import { type ZipOptions, zip } from './fixtures/zip.js';

const members: [string, Buffer][] = [
  ['a/1.jpg', jpeg(16, 1)],
  ['a/é 2.jpg', jpeg(24, 2)],
  ['a/3.jpeg', jpeg(16, 3)],
];

function open(content: Uint8Array): ZipSource {
  const path = join(temporaryFolder(), 'x.zip');
  writeFileSync(path, content);
  const problems = new Problems();
  const source = new ZipSource(path, listZip(path, problems, 'images'));
  problems.throwIfAny();
  return source;
}

describe.each<[string, ZipOptions]>([
  ['stored', {}],
  ['deflated', { deflate: true }],
  ['zip64', { zip64: true }],
  ['zip64, deflated', { zip64: true, deflate: true }],
  ['with a comment', { comment: 'PK and more' }],
])('a zip %s', (_, options) => {
  test('gives its members, sizes and checksums', () => {
    const source = open(
      zip([['a/', Buffer.alloc(0)], ...members, ['a/notes.txt', Buffer.from('x')]], options),
    );
    expect(source.names).toEqual(members.map(([name]) => name));
    members.forEach(([, content], i) => {
      const stored = source.read(i);
      expect(Buffer.from(stored.kind === 'file' ? stored.bytes : [])).toEqual(content);
      expect(source.size(i)).toEqual({ height: i === 1 ? 24 : 16, width: i === 1 ? 24 : 16 });
    });
    expect(source.content(0)).not.toBe(source.content(2));
    source.close();
  });
});

test('content is the same, stored or deflated', () => {
  expect(open(zip(members)).content(1)).toBe(open(zip(members, { deflate: true })).content(1));
});

describe('a damaged zip', () => {
  const whole = zip(members);

  test('of one member spoils that member alone', () => {
    const damaged = Buffer.from(whole);
    damaged[damaged.indexOf('2.jpg') + 100]! ^= 1;
    const source = open(damaged);
    expect(() => source.read(1)).toThrow('checksum differs');
    expect(source.read(0).kind).toBe('file');
    expect(source.read(2).kind).toBe('file');
  });

  test('that can’t be inflated says so', () => {
    const damaged = Buffer.from(zip(members, { deflate: true }));
    damaged[damaged.indexOf('2.jpg') + 5] = 0xff;
    expect(() => open(damaged).read(1)).toThrow('can’t be inflated');
  });

  test('in its directory is an error', () => {
    const damaged = Buffer.from(whole);
    damaged[damaged.lastIndexOf('PK\x01\x02')] = 0;
    expect(() => open(damaged)).toThrow("the zip's directory is damaged at its entry 3 of 3");
  });

  test('cut off anywhere in its directory is an error', () => {
    const start = whole.indexOf('PK\x01\x02');
    for (let end = start; end < whole.length; end += 7)
      expect(() => open(whole.subarray(0, end))).toThrow('cut off');
  });
});
