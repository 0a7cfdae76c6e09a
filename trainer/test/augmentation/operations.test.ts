/** Every operation against torchvision's on PIL images (Pillow 12.3), of three images of 40×40×3. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ImageBuffer } from '../../augmentation/image-buffer.js';
import { GaussianBlur } from '../../augmentation/operations/blur.js';
import { adjustHue } from '../../augmentation/operations/hue.js';
import { toGrayscale } from '../../augmentation/operations/luma.js';
import { type OperationName, operations } from '../../augmentation/operations/registry.js';
import { goldenFile } from '../golden-file.js';

interface Expected {
  image: number;
  offset: number;
  length: number;
}

const golden = goldenFile<{
  images: Expected[];
  ops: (Expected & { operation: OperationName; magnitude: number; interpolation: 'nearest' | 'bilinear' })[];
  hues: (Expected & { hue: number })[];
  greys: Expected[];
  blurs: (Expected & { kernelSize: number; sigma: number })[];
}>('operations.json');

const bytes = gunzipSync(
  readFileSync(new URL('../../../../trainer/test/golden/operations.bin.gz', import.meta.url)),
);
const shape = { height: 40, width: 40, channels: 3 };

function imageOf({ image }: Expected): ImageBuffer {
  const buffer = new ImageBuffer(shape);
  buffer.load(bytes, golden.images[image]!.offset);
  return buffer;
}

function expectPixels({ pixels }: ImageBuffer, { offset, length }: Expected): void {
  expect(Buffer.compare(pixels, bytes.subarray(offset, offset + length))).toBe(0);
}

test.each(golden.ops)('$operation $magnitude, $interpolation, of image $image', expected => {
  const image = imageOf(expected);
  const { operation, magnitude, interpolation } = expected;
  operations[operation](magnitude, { shape, interpolation, fill: 0 })(image);
  expectPixels(image, expected);
});

test('every operation is among them', () => {
  expect(new Set(golden.ops.map(({ operation }) => operation))).toEqual(new Set(Object.keys(operations)));
});

test.each(golden.hues)('hue turned by $hue of image $image', expected => {
  const image = imageOf(expected);
  adjustHue(image, expected.hue);
  expectPixels(image, expected);
});

test.each(golden.greys)('grey levels of image $image', expected => {
  const image = imageOf(expected);
  toGrayscale(image);
  expectPixels(image, expected);
});

test.each(golden.blurs)('blur of kernel $kernelSize, sigma $sigma', expected => {
  const image = imageOf(expected);
  new GaussianBlur(expected.kernelSize, shape).apply(image, expected.sigma);
  expectPixels(image, expected);
});

test('what comes in from outside has the grey level that is given', () => {
  const image = imageOf({ ...golden.images[0]!, image: 0 });
  operations.translateX(3, { shape, interpolation: 'nearest', fill: 77 })(image);
  operations.shearY(-0.3, { shape, interpolation: 'bilinear', fill: 78 })(image);
  expect([...image.pixels.subarray(0, 3)]).toEqual([77, 77, 77]);
  expect([...image.pixels.subarray(39 * 3, 40 * 3)]).toEqual([78, 78, 78]);
});

test('an image that isn’t square is turned by quarters as by any angle', () => {
  const wide = new ImageBuffer({ height: 2, width: 4, channels: 1 });
  const turned = (degrees: number) => {
    wide.load(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 0);
    operations.rotate(degrees, { shape: wide, interpolation: 'nearest', fill: 0 })(wide);
    return [...wide.pixels];
  };
  expect(turned(180)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  expect(turned(90)).toEqual([0, 3, 7, 0, 0, 2, 6, 0]);
});
