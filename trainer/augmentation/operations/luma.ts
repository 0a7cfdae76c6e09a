import type { ImageBuffer } from '../image-buffer.js';

/** Grey level of a colour as Pillow's `convert('L')` has it (ITU-R 601-2), in 16.16 fixed point. */
export const luma = (red: number, green: number, blue: number): number =>
  (19_595 * red + 38_470 * green + 7_471 * blue + 32_768) >> 16;

/** Mean grey level of the image. */
export function meanLuma({ pixels, channels }: ImageBuffer): number {
  let sum = 0;
  if (channels === 1) for (let i = 0; i < pixels.length; i++) sum += pixels[i]!;
  else for (let i = 0; i < pixels.length; i += 3) sum += luma(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!);
  return sum / (pixels.length / channels);
}

/** Every channel becomes the grey level. */
export function toGrayscale({ pixels, channels }: ImageBuffer): void {
  if (channels === 1) return;
  for (let i = 0; i < pixels.length; i += 3) {
    const grey = luma(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!);
    pixels[i] = grey;
    pixels[i + 1] = grey;
    pixels[i + 2] = grey;
  }
}
