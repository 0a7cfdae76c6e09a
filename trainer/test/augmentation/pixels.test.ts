import { expect, test } from 'vitest';
import { ImageBuffer } from '../../augmentation/image-buffer.js';
import { Resizer } from '../../augmentation/resize.js';
import { cropPadded } from '../../augmentation/transforms/random-crop.js';
import { flipHorizontally, flipVertically } from '../../augmentation/transforms/random-flips.js';
import { golden, goldenImage, pixelsAt } from './golden-images.js';

const region = (image: ImageBuffer, box: { i: number; j: number; h: number; w: number }) => ({
  pixels: image.pixels,
  rowLength: image.width,
  top: box.i,
  left: box.j,
  height: box.h,
  width: box.w,
});

test.each(golden.crops)('$interpolation crop $i,$j $h×$w to $size of image $image is Pillow’s', crop => {
  const output = new Uint8Array(crop.size * crop.size * 3);
  const resizer = new Resizer(crop.size, crop.size, 3);
  resizer[crop.interpolation](region(goldenImage(crop.image), crop), output);
  expect(output).toEqual(pixelsAt(crop));
});

test('a grey image is resized as each channel of a colour image is', () => {
  const image = goldenImage(0);
  const box = { i: 3, j: 5, h: 31, w: 17 };
  const colour = new Uint8Array(24 * 24 * 3);
  new Resizer(24, 24, 3).bilinear(region(image, box), colour);
  const green = new ImageBuffer({ height: 40, width: 40, channels: 1 });
  green.load(
    image.pixels.filter((_, i) => i % 3 === 1),
    0,
  );
  const grey = new Uint8Array(24 * 24);
  new Resizer(24, 24, 1).bilinear(region(green, box), grey);
  expect(grey).toEqual(colour.filter((_, i) => i % 3 === 1));
});

test.each(golden.exact)('$transform of image $image is torchvision’s', expected => {
  const image = goldenImage(expected.image);
  if (expected.transform === 'hflip') flipHorizontally(image);
  else
    cropPadded(
      image,
      expected.top - expected.padding,
      expected.left - expected.padding,
      expected.padding_mode === 'reflect' ? 'reflect' : expected.fill,
    );
  expect(image.pixels).toEqual(pixelsAt(expected));
});

test('flipped top to bottom, rows change places', () => {
  const image = new ImageBuffer({ height: 3, width: 2, channels: 1 });
  image.load(Uint8Array.of(1, 2, 3, 4, 5, 6), 0);
  flipVertically(image);
  expect([...image.pixels]).toEqual([5, 6, 3, 4, 1, 2]);
});

test('a border is filled with its grey level', () => {
  const image = new ImageBuffer({ height: 2, width: 2, channels: 1 });
  image.load(Uint8Array.of(1, 2, 3, 4), 0);
  cropPadded(image, 1, -1, 99);
  expect([...image.pixels]).toEqual([99, 3, 99, 99]);
});
