import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImageDecoder } from '../../data/decoding/decode-image.js';
import { sizeFromHeader, sizeOfFile } from '../../data/sources/image-header.js';
import { ImageError } from '../../data/sources/image-source.js';
import { goldenFile } from '../golden-file.js';
import { jpeg, png } from './fixtures/images.js';

const two = { height: 1, width: 2 };
const decode = (bytes: Uint8Array, channels: number, shape = two, resize = false): number[] => {
  const output = new Uint8Array(shape.height * shape.width * channels + 1).fill(7);
  new ImageDecoder({ ...shape, channels }, resize).decode({ kind: 'file', bytes }, output, 1);
  expect(output[0]).toBe(7);
  return [...output.subarray(1)];
};

const rgb = Uint8Array.of(255, 0, 0, 10, 20, 30);
/** Pillow 12.3: Image.new('RGB', (2, 1)) with these pixels, convert('L'). */
const luma = [76, 18];

describe('PNG', () => {
  test.each([
    ['grey', png(two, 0, Uint8Array.of(9, 200)), [9, 9, 9, 200, 200, 200], [9, 200]],
    ['grey + alpha', png(two, 4, Uint8Array.of(9, 0, 200, 128)), [9, 9, 9, 200, 200, 200], [9, 200]],
    ['RGB', png(two, 2, rgb), [...rgb], luma],
    ['RGBA', png(two, 6, Uint8Array.of(255, 0, 0, 0, 10, 20, 30, 255)), [...rgb], luma],
    [
      'palette',
      png(two, 3, Uint8Array.of(1, 0), { palette: Uint8Array.of(10, 20, 30, 255, 0, 0) }),
      [...rgb],
      luma,
    ],
    [
      '16-bit grey',
      png(two, 0, Uint8Array.of(9, 1, 200, 2), { bits: 16 }),
      [9, 9, 9, 200, 200, 200],
      [9, 200],
    ],
    [
      '16-bit RGB',
      png(two, 2, Uint8Array.of(255, 4, 0, 5, 0, 6, 10, 1, 20, 2, 30, 3), { bits: 16 }),
      [...rgb],
      luma,
    ],
  ])('%s', (_, file, colour, grey) => {
    expect(decode(file, 3)).toEqual(colour);
    expect(decode(file, 1)).toEqual(grey);
  });

  test('is resized as Pillow does', () => {
    const file = png(
      { height: 4, width: 4 },
      0,
      Uint8Array.from({ length: 16 }, (_, i) => i * 16),
    );
    // Pillow 12.3: Image.frombytes('L', (4, 4), …).resize((2, 2), Image.BILINEAR)
    expect(decode(file, 1, { height: 2, width: 2 }, true)).toEqual([57, 83, 157, 183]);
  });
});

test('JPEG', () => {
  const pixels = decode(jpeg(16, 1), 3, { height: 16, width: 16 });
  expect(new Set(pixels).size).toBeGreaterThan(20);
  expect(sizeOfFile(jpeg(16))).toEqual({ height: 16, width: 16 });
});

interface Golden {
  images: Record<string, { file: string; height: number; width: number; rgb: number[]; grey: number[] }>;
}

describe('as Pillow reads it:', () => {
  const { images } = goldenFile<Golden>('image-files.json');
  test.each(Object.keys(images))('%s', name => {
    const { file, rgb, grey, ...size } = images[name]!;
    const bytes = Buffer.from(file, 'base64');
    expect(sizeOfFile(bytes)).toEqual(size);
    // JPEG decoders may differ in the last bits of their transform and in how they enlarge colours.
    const most = name.includes('JPEG') || name === 'motion photo' ? 3 : 0;
    for (const [found, expected] of [
      [decode(bytes, 3, size), rgb],
      [decode(bytes, 1, size), grey],
    ] as const)
      expect(Math.max(...found.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThanOrEqual(most);
  });
});

describe('a file is cut off', () => {
  const { images } = goldenFile<Golden>('image-files.json');
  // A video or zeros behind an image may be cut wherever they like.
  const whole = Object.keys(images).filter(name => !/motion|behind/.test(name));
  test.each(whole)('%s: wherever that is', name => {
    const { file, height, width } = images[name]!;
    const bytes = Buffer.from(file, 'base64');
    for (let end = 0; end < bytes.length; end++)
      expect(() => decode(bytes.subarray(0, end), 3, { height, width })).toThrow(ImageError);
  });

  test('though a video follows', () => {
    const image = jpeg(32, 2);
    const video = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42'), Buffer.alloc(300, 7)]);
    const file = Buffer.concat([image.subarray(0, image.length - 200), video]);
    expect(() => decode(file, 3, { height: 32, width: 32 })).toThrow(/cut off|damaged/);
  });
});

test('any damage to an image file is an ImageError, or pixels', () => {
  const { images } = goldenFile<Golden>('image-files.json');
  const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), to: fc.nat(255) });
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(images)),
      fc.array(change, { minLength: 1, maxLength: 5 }),
      ({ file }, changes) => {
        const bytes = Buffer.from(file, 'base64');
        for (const { at, to } of changes) bytes[Math.floor(at * (bytes.length - 1))] = to;
        try {
          decode(bytes, 3, { height: 6, width: 8 }, true);
        } catch (error) {
          expect((error as Error).name).toBe('ImageError');
        }
      },
    ),
    { numRuns: 500 },
  );
});

describe('what can’t be used', () => {
  const image = jpeg(32, 2);
  test.each([
    ['empty', Buffer.alloc(0), 'the file is empty'],
    [
      'no image',
      Buffer.from('hello, this is text'),
      'is text (“hello, this is text”), expected a JPEG, PNG or WebP',
    ],
    [
      'nothing but zeros',
      Buffer.alloc(700),
      'is all zeros (a download or copy that was never filled?), expected',
    ],
    ['a GIF', Buffer.from('GIF89a\x01\0\x01\0'), 'is a GIF image, expected'],
    ['a BMP', Buffer.from('BM\x3a\0\0\0\0\0\0\0\x36', 'latin1'), 'is a BMP image, expected'],
    ['a text that begins like a BMP', Buffer.from('BMW, Audi'), 'is text (“BMW, Audi”)'],
    ['a TIFF', Buffer.from('II*\0\x08\0\0\0'), 'is a TIFF image'],
    ['a HEIC', Buffer.from('\0\0\0\x18ftypheic'), 'is a HEIC image'],
    ['an AVIF', Buffer.from('\0\0\0\x18ftypavif'), 'is an AVIF image'],
    ['a video', Buffer.from('\0\0\0\x18ftypmp42'), 'is a video'],
    ['a PDF', Buffer.from('%PDF-1.7'), 'is a PDF'],
    ['a web page', Buffer.from('\uFEFF\n<!DOCTYPE html>\n<html>'), 'is an HTML page'],
    ['a drawing', Buffer.from('<?xml version="1.0"?>\n<svg width="1"/>'), 'is an SVG drawing'],
    [
      'a Git LFS pointer',
      Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 7\n'),
      'is a Git LFS pointer (`git lfs pull` gets the file)',
    ],
    ['a long text', Buffer.from('é'.repeat(400)), `is text (“${'é'.repeat(40)}…”)`],
    ['other bytes', Buffer.of(1, 2, 3, 250), 'of a kind that isn’t known (its first bytes: 01 02 03 fa)'],
    ['a header alone', image.subarray(0, 10), 'the file ends inside its header'],
    ['cut off in the middle', image.subarray(0, image.length >> 1), /cut off|ends inside/],
    ['cut off at the very end', image.subarray(0, -2), 'the file is cut off'],
    [
      'a cut PNG',
      png({ height: 8, width: 8 }, 0, new Uint8Array(64)).subarray(0, -14),
      'the file is cut off',
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => decode(bytes, 3, { height: 32, width: 32 })).toThrow(message);
  });

  test('damaged data of a PNG', () => {
    const file = Buffer.from(png({ height: 8, width: 8 }, 0, new Uint8Array(64).fill(3)));
    file[45]! ^= 0xff;
    expect(() => decode(file, 3, { height: 8, width: 8 })).toThrow('damaged');
  });

  test('a decompression bomb', () => {
    const bomb = Buffer.from(png(two, 0, Uint8Array.of(1, 2)));
    bomb.writeUInt32BE(50_000, 16);
    bomb.writeUInt32BE(50_000, 20);
    expect(() => decode(bomb, 3)).toThrow('more than 100 megapixels');
  });

  test('another size', () => {
    expect(() => decode(jpeg(16), 3, { height: 32, width: 32 })).toThrow(
      '16×16 pixels, the first image has 32×32: give data.imageSize to resize all',
    );
  });
});

test('a header is found behind long comments', () => {
  const image = jpeg(24);
  const comment = Buffer.concat([Buffer.of(0xff, 0xfe, 0xea, 0x60), Buffer.alloc(60_000 - 2)]);
  const file = Buffer.concat([image.subarray(0, 2), comment, image.subarray(2)]);
  expect(sizeFromHeader(file.subarray(0, 1024))).toBeUndefined();
  expect(sizeOfFile(file)).toEqual({ height: 24, width: 24 });
});
