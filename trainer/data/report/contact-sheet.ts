import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Transformer } from '@napi-rs/image';
import type { ImageShape } from '../../augmentation/image-buffer.js';
import type { Picture } from '../../contract/data-report.js';

/** Transparent pixels between two images. */
const gap = 2;

/** The image at a place of a data set's images. */
export function imageAt(
  images: Uint8Array,
  { height, width, channels }: ImageShape,
  place: number,
): Uint8Array {
  const length = height * width * channels;
  return images.subarray(place * length, (place + 1) * length);
}

/** Writes images [H, W, C] of one shape, row by row, `columns` in each, as `file` (a PNG, relative to `outDir`). */
export function writeContactSheet(
  outDir: string,
  file: string,
  images: readonly Uint8Array[],
  { shape, columns }: { shape: ImageShape; columns: number },
): Picture {
  const rows = Math.ceil(images.length / columns);
  const width = Math.min(columns, images.length) * (shape.width + gap) - gap;
  const height = rows * (shape.height + gap) - gap;
  const pixels = new Uint8Array(width * height * 4);
  images.forEach((image, index) => {
    const top = Math.floor(index / columns) * (shape.height + gap);
    const left = (index % columns) * (shape.width + gap);
    for (let y = 0; y < shape.height; y++) paintRow(image, y, shape, pixels, ((top + y) * width + left) * 4);
  });
  const path = join(outDir, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Transformer.fromRgbaPixels(pixels, width, height).pngSync());
  return { file, width, height };
}

function paintRow(
  image: Uint8Array,
  y: number,
  { width, channels }: ImageShape,
  pixels: Uint8Array,
  start: number,
): void {
  let read = y * width * channels;
  for (let x = 0, write = start; x < width; x++, read += channels, write += 4) {
    for (let c = 0; c < 3; c++) pixels[write + c] = image[read + (channels === 3 ? c : 0)]!;
    pixels[write + 3] = 255;
  }
}
