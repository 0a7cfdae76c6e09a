/**
 * Pillow's ImageEnhance: Image.blend of the image with a degenerate version of it. `factor` 1 is the image, 0 the
 * degenerate version; values beyond extrapolate. Arithmetic is in float32, as in Blend.c.
 */
import type { ImageBuffer } from '../image-buffer.js';
import { lookUp } from './lookup.js';
import { luma, meanLuma } from './luma.js';
import type { Operation } from './operation.js';

/** One byte of Image.blend; `factor` is a float32. */
function blend(degenerate: number, byte: number, factor: number): number {
  const value = Math.fround(degenerate + Math.fround(factor * (byte - degenerate)));
  return value <= 0 ? 0 : value >= 255 ? 255 : value | 0;
}

/** Writes Image.blend of each byte with a constant. */
function fillBlendTable(table: Uint8Array, degenerate: number, factor: number): void {
  for (let byte = 0; byte < 256; byte++) table[byte] = blend(degenerate, byte, factor);
}

const scratch = new Uint8Array(256);

function enhanceWith(image: ImageBuffer, degenerate: number, factor: number): void {
  fillBlendTable(scratch, degenerate, Math.fround(factor));
  lookUp(image, scratch);
}

/** Blends with black. */
export const adjustBrightness = (image: ImageBuffer, factor: number): void => {
  if (factor !== 1) enhanceWith(image, 0, factor);
};

/** Blends with the mean grey level. */
export const adjustContrast = (image: ImageBuffer, factor: number): void => {
  if (factor !== 1) enhanceWith(image, Math.trunc(meanLuma(image) + 0.5), factor);
};

/** Blends with the grey image; grey images stay as they are. */
export function adjustSaturation({ pixels, channels }: ImageBuffer, factor: number): void {
  if (factor === 1 || channels === 1) return;
  const rounded = Math.fround(factor);
  for (let i = 0; i < pixels.length; i += 3) {
    const grey = luma(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!);
    for (let at = i; at < i + 3; at++) pixels[at] = blend(grey, pixels[at]!, rounded);
  }
}

/** Blends with the image smoothed by [1 1 1; 1 5 1; 1 1 1] / 13, whose outermost pixels are the image's. */
export function adjustSharpness(image: ImageBuffer, factor: number): void {
  if (factor === 1) return;
  const { pixels, spare, height, width, channels } = image;
  const rounded = Math.fround(factor);
  const row = width * channels;
  spare.set(pixels);
  for (let y = 1; y < height - 1; y++)
    for (let i = y * row + channels, end = (y + 1) * row - channels; i < end; i++) {
      const above = i - row;
      const below = i + row;
      const sum =
        pixels[above - channels]! +
        pixels[above]! +
        pixels[above + channels]! +
        pixels[i - channels]! +
        5 * pixels[i]! +
        pixels[i + channels]! +
        pixels[below - channels]! +
        pixels[below]! +
        pixels[below + channels]!;
      spare[i] = blend(((2 * sum + 13) / 26) | 0, pixels[i]!, rounded);
    }
  image.swap();
}

type Adjust = (image: ImageBuffer, factor: number) => void;

/** As an operation whose magnitude is the factor less 1. */
export const enhancement =
  (adjust: Adjust) =>
  (magnitude: number): Operation =>
  image =>
    adjust(image, 1 + magnitude);
