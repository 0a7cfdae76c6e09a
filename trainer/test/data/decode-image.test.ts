import { describe, expect, test } from 'vitest';
import { ImageDecoder } from '../../data/decoding/decode-image.js';
import { sizeFromHeader, sizeOfFile } from '../../data/sources/image-header.js';
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

describe('what can’t be used', () => {
  const image = jpeg(32, 2);
  test.each([
    ['empty', Buffer.alloc(0), 'the file is empty'],
    ['no image', Buffer.from('hello, this is text'), 'neither a JPEG nor a PNG'],
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
