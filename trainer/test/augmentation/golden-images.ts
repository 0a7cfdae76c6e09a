import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { ImageBuffer } from '../../augmentation/image-buffer.js';
import { goldenFile } from '../golden-file.js';

/** A place in the golden pixels. */
interface Pixels {
  offset: number;
  length: number;
}

/** Images of 40×40×3 and what torchvision and Pillow 12.3 make of them (`i` is the top, `j` the left). */
export const golden = goldenFile<{
  images: Pixels[];
  crops: (Pixels & {
    i: number;
    j: number;
    h: number;
    w: number;
    size: number;
    interpolation: 'nearest' | 'bilinear';
    image: number;
  })[];
  exact: (Pixels & { transform: 'hflip' | 'pad_crop'; image: number } & {
    padding: number;
    padding_mode: 'constant' | 'reflect';
    fill: number;
    top: number;
    left: number;
  })[];
}>('augmentation.json');

const pixels = gunzipSync(
  readFileSync(new URL('../../../../trainer/test/golden/augmentation.bin.gz', import.meta.url)),
);

/** The golden pixels at a place, [H, W, 3]. */
export const pixelsAt = ({ offset, length }: Pixels): Uint8Array =>
  Uint8Array.from(pixels.subarray(offset, offset + length));

/** A buffer that holds one of the golden images. */
export function goldenImage(image: number): ImageBuffer {
  const buffer = new ImageBuffer({ height: 40, width: 40, channels: 3 });
  buffer.load(pixels, golden.images[image]!.offset);
  return buffer;
}
