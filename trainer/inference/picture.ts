import { Transformer } from '@napi-rs/image';
import type { ImageShape } from '../augmentation/image-buffer.js';

/** image [H, W, C] bytes, C 1 or 3 → a PNG file. */
export function pngOf(image: Uint8Array, { height, width, channels }: ImageShape): Uint8Array {
  const pixels = new Uint8Array(height * width * 4).fill(255);
  for (let pixel = 0; pixel < height * width; pixel++)
    for (let c = 0; c < 3; c++) pixels[4 * pixel + c] = image[pixel * channels + (channels === 1 ? 0 : c)]!;
  return Transformer.fromRgbaPixels(pixels, width, height).pngSync();
}
