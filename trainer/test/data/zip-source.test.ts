import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Problems } from '../../data/data-error.js';
import { listZip, ZipSource } from '../../data/sources/zip-source.js';
import { temporaryFolder } from '../temporary-folder.js';
import { dataFolder, folderSpec } from './fixtures/data-folder.js';
import { jpeg } from './fixtures/images.js';
import { problemsOf } from './fixtures/problems-of.js';
import { fields, type ZipOptions, zip } from './fixtures/zip.js';

const members: [string, Buffer][] = [
  ['a/1.jpg', jpeg(16, 1)],
  ['a/é 2.jpg', jpeg(24, 2)],
  ['a/3.jpeg', jpeg(16, 3)],
];

function open(content: Uint8Array): ZipSource {
  return openFile(fileOf(content));
}

function fileOf(content: Uint8Array): string {
  const path = join(temporaryFolder(), 'x.zip');
  writeFileSync(path, content);
  return path;
}

function contentOf(source: ZipSource, image: number): Buffer {
  const stored = source.read(image);
  return Buffer.from(stored.kind === 'file' ? stored.bytes : []);
}

function openFile(path: string): ZipSource {
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
  ['with the signature of an end record in its comment', { comment: `PK\x05\x06${'x'.repeat(30)}` }],
])('a zip %s', (_, options) => {
  test('gives its members, sizes and checksums', () => {
    const source = open(
      zip([['a/', Buffer.alloc(0)], ...members, ['a/notes.txt', Buffer.from('x')]], options),
    );
    expect(source.names).toEqual(members.map(([name]) => name));
    members.forEach(([, content], i) => {
      expect(contentOf(source, i)).toEqual(content);
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
    expect(() => open(damaged)).toThrow('the zip’s directory is damaged at its entry 3');
  });

  test('cut off anywhere in its directory is an error', () => {
    const start = whole.indexOf('PK\x01\x02');
    for (let end = start; end < whole.length; end += 7)
      expect(() => open(whole.subarray(0, end))).toThrow('cut off');
  });
});

/** Names, warnings and errors of a zip. */
function listed(content: Uint8Array) {
  const problems = new Problems();
  const path = fileOf(content);
  const { names } = listZip(path, problems, 'images');
  return { names, problems: problems.list.map(({ message }) => message.replace(path, 'x.zip')) };
}

describe('what a zip says of itself', () => {
  const all = members.map(([name]) => name);

  test('as more members than it has, or fewer, is not believed', () => {
    for (const statedMembers of [2, 9])
      expect(listed(zip(members, { statedMembers }))).toEqual({
        names: all,
        problems: [`x.zip says that it has ${statedMembers} members, its directory lists 3: these are taken`],
      });
  });

  test('as the number of its members modulo 65,536 is as Finder counts', () => {
    const many = Array.from({ length: 65_540 }, (_, i): [string, Uint8Array] => [`${i}.jpg`, Buffer.of(1)]);
    const { names, problems } = listed(zip(many, { statedMembers: 4 }));
    expect(names).toHaveLength(65_540);
    expect(problems).toEqual([]);
  });

  test('as its places is from behind a program in front, or of the whole file', () => {
    const stub = Buffer.alloc(70_001, 'MZ');
    const relative = open(Buffer.concat([stub, zip(members)]));
    expect(contentOf(relative, 2)).toEqual(members[2]![1]);
    const zip64 = open(Buffer.concat([stub, zip(members, { zip64: true })]));
    expect(contentOf(zip64, 0)).toEqual(members[0]![1]);
  });

  test('as its end need not be the end of the file', () => {
    expect(listed(Buffer.concat([zip(members), Buffer.from('\r\n<!-- mirrored -->')])).names).toEqual(all);
  });

  test('as places modulo 4 GiB is as Finder writes', () => {
    const path = join(temporaryFolder(), 'large.zip');
    const fd = openSync(path, 'w');
    const parts = members.map(([name, content]) => zip([[name, content]]));
    const startOf = (part: Buffer) => part.indexOf('PK\x01\x02');
    // The members at 0, over 4 GiB, over 8 GiB, with nothing between them.
    const places = [0, 2 ** 32 + 77_777, 2 * 2 ** 32 + 9_000_000];
    parts.forEach((part, i) => {
      writeSync(fd, part, 0, startOf(part), places[i]!);
    });
    // At the third member's place modulo 4 GiB there is another one.
    const decoy = zip([['b/1.jpg', jpeg(16, 9)]]);
    writeSync(fd, decoy, 0, startOf(decoy), 9_000_000);
    const entries = parts.map((part, i) => {
      const entry = Buffer.from(part.subarray(startOf(part), part.indexOf('PK\x05\x06')));
      entry.writeUInt32LE(places[i]! % 2 ** 32, 42);
      return entry;
    });
    const directory = Buffer.concat(entries);
    const start = places[2]! + startOf(parts[2]!);
    writeSync(fd, directory, 0, directory.length, start);
    const end = Buffer.from(parts[0]!.subarray(parts[0]!.indexOf('PK\x05\x06')));
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(start % 2 ** 32, 16);
    writeSync(fd, end, 0, end.length, start + directory.length);
    closeSync(fd);
    const source = openFile(path);
    members.forEach(([name, content], i) => {
      expect(source.names[i]).toBe(name);
      expect(contentOf(source, i)).toEqual(content);
    });
    source.close();
  });

  test('as sizes is bounded by what can be in it', () => {
    const bomb = zip([['a/1.jpg', Buffer.alloc(1000)]], { deflate: true });
    bomb.writeUInt32LE(400_000_000, bomb.lastIndexOf('PK\x01\x02') + 24);
    expect(() => open(bomb).read(0)).toThrow('400000000 bytes can’t be in');
    bomb.writeUInt32LE(0xfffffff0, bomb.lastIndexOf('PK\x01\x02') + 24);
    expect(() => open(bomb).read(0)).toThrow('4096 MiB are too many for an image (at most 512 MiB)');
  });
});

describe('names', () => {
  /** Code page 437: "Köln/é.jpg". */
  const cp437 = Buffer.from('4b946c6e2f822e6a7067', 'hex');
  const image = jpeg(8);

  test.each<[string, string | Buffer, ZipOptions, string]>([
    ['of code page 437', cp437, { flags: 0 }, 'Köln/é.jpg'],
    ['of UTF-8 without its flag', 'Köln/é.jpg', { flags: 0 }, 'Köln/é.jpg'],
    ['with a Unicode path', cp437, { flags: 0, extra: unicodePath('漢字/1.jpg') }, '漢字/1.jpg'],
    [
      'with a Unicode path of another name',
      cp437,
      { flags: 0, extra: () => unicodePath('x/1.jpg')(Buffer.from('y')) },
      'Köln/é.jpg',
    ],
    ['with ./ in front', './cat/1.jpg', {}, 'cat/1.jpg'],
    ['with backslashes', 'cat\\1.jpg', {}, 'cat/1.jpg'],
  ])('%s', (_, name, options, expected) => {
    expect(listed(zip([[name, image]], options))).toEqual({ names: [expected], problems: [] });
  });

  test('of folders, resource forks and .DS_Store are passed over', () => {
    const more: [string, Buffer][] = [
      ['a/', Buffer.alloc(0)],
      ['__MACOSX/a/._1.jpg', Buffer.from('x')],
      ['a/.DS_Store', Buffer.from('x')],
    ];
    expect(listed(zip([...more, ...members]))).toEqual({ names: members.map(([n]) => n), problems: [] });
  });

  test('that come twice mean the later member', () => {
    const twice = zip([...members, ['a/1.jpg', jpeg(24, 7)]]);
    expect(listed(twice)).toEqual({
      names: members.map(([name]) => name),
      problems: ['twice in the zip, the later one counts: a/1.jpg'],
    });
    expect(open(twice).size(0)).toEqual({ height: 24, width: 24 });
  });
});

/** Info-ZIP's extra field with this path for the member that it stands at. */
function unicodePath(path: string): (name: Buffer) => Buffer {
  return name => {
    const text = Buffer.from(path);
    const length = text.length + 5;
    return Buffer.concat([fields([2, 0x7075], [2, length], [1, 1], [4, crc32(name)]), text]);
  };
}

test.each([
  [{ method: 12 }, 'members packed by bzip2 (method 12) can’t be read'],
  [{ method: 14 }, 'members packed by LZMA (method 14) can’t be read'],
  [{ method: 9 }, 'members packed by deflate64 (method 9) can’t be read'],
  [{ method: 93 }, 'members packed by Zstandard (method 93) can’t be read'],
  [{ method: 77 }, 'members packed by an unknown method, number 77, can’t be read'],
  [{ encrypted: true }, 'encrypted members of a zip can’t be read'],
])('a zip with %j is told of once', async (options, message) => {
  const problems = await problemsOf(
    folderSpec(dataFolder({ 'x.zip': zip(members, options) }), { images: 'x.zip' }),
  );
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`images: ${message}`);
});

test('a part of a zip in parts says so', () => {
  const part = zip(members);
  part.writeUInt16LE(3, part.lastIndexOf('PK\x05\x06') + 4);
  expect(() => open(part)).toThrow('the last part of a zip in several parts: join them first');
});

test('any damage is an error of words', () => {
  const whole = [zip(members, { deflate: true }), zip(members, { zip64: true })];
  const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), to: fc.nat(255) });
  fc.assert(
    fc.property(fc.nat(1), fc.array(change, { minLength: 1, maxLength: 6 }), (which, changes) => {
      const damaged = Buffer.from(whole[which]!);
      // Nine of ten changes are in the directory and the end.
      const from = damaged.indexOf('PK\x01\x02');
      changes.forEach(({ at, to }, i) => {
        const start = i % 10 === 9 ? 0 : from;
        damaged[start + Math.floor(at * (damaged.length - 1 - start))] = to;
      });
      let source: ZipSource;
      try {
        source = open(damaged);
      } catch (error) {
        expect((error as Error).constructor.name).toMatch(/^(Error|DataError)$/);
        return;
      }
      for (let i = 0; i < source.names.length; i++)
        try {
          source.read(i);
        } catch (error) {
          expect((error as Error).name).toBe('ImageError');
        }
      source.close();
    }),
    { numRuns: 300 },
  );
});
