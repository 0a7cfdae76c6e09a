/** Pillow's Image.transform(AFFINE), as torchvision's shear and rotation use it (Geometry.c). */
import type { ImageBuffer } from '../image-buffer.js';

/**
 * From output to input: x' = m0 x + m1 y + m2, y' = m3 x + m4 y + m5, of positions in pixels from the top left
 * corner; a pixel's centre lies at its index + 0.5.
 */
export type Matrix = readonly [number, number, number, number, number, number];

/** 16.16 fixed point. */
const fixed = (value: number): number => Math.floor(value * 65_536 + 0.5);

/** Takes each pixel from the nearest one, which is found in 16.16 fixed point; `fill` where that lies outside. */
export function transformNearest(image: ImageBuffer, m: Matrix, fill: number): void {
  const { pixels, spare, height, width, channels } = image;
  const stepX = fixed(m[0]);
  const stepY = fixed(m[3]);
  const rowX = fixed(m[1]);
  const rowY = fixed(m[4]);
  let startX = fixed(m[2] + m[0] * 0.5 + m[1] * 0.5);
  let startY = fixed(m[5] + m[3] * 0.5 + m[4] * 0.5);
  let write = 0;
  for (let y = 0; y < height; y++) {
    let sourceX = startX;
    let sourceY = startY;
    for (let x = 0; x < width; x++) {
      const column = sourceX >> 16;
      const row = sourceY >> 16;
      if (column >= 0 && column < width && row >= 0 && row < height) {
        const read = (row * width + column) * channels;
        for (let c = 0; c < channels; c++) spare[write + c] = pixels[read + c]!;
      } else for (let c = 0; c < channels; c++) spare[write + c] = fill;
      write += channels;
      sourceX += stepX;
      sourceY += stepY;
    }
    startX += rowX;
    startY += rowY;
  }
  image.swap();
}

/** Mixes the four nearest pixels, those beyond the edge being the edge's; `fill` where the position lies outside. */
export function transformBilinear(image: ImageBuffer, m: Matrix, fill: number): void {
  const { pixels, spare, height, width, channels } = image;
  let write = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++, write += channels) {
      const sourceX = m[0] * (x + 0.5) + m[1] * (y + 0.5) + m[2];
      const sourceY = m[3] * (x + 0.5) + m[4] * (y + 0.5) + m[5];
      if (sourceX < 0 || sourceX >= width || sourceY < 0 || sourceY >= height) {
        for (let c = 0; c < channels; c++) spare[write + c] = fill;
        continue;
      }
      const column = Math.floor(sourceX - 0.5);
      const row = Math.floor(sourceY - 0.5);
      const shareX = sourceX - 0.5 - column;
      const shareY = sourceY - 0.5 - row;
      const left = Math.max(column, 0) * channels;
      const right = Math.min(column + 1, width - 1) * channels;
      const top = Math.max(row, 0) * width * channels;
      const bottom = Math.min(row + 1, height - 1) * width * channels;
      for (let c = 0; c < channels; c++) {
        const upper = between(pixels[top + left + c]!, pixels[top + right + c]!, shareX);
        const lower = between(pixels[bottom + left + c]!, pixels[bottom + right + c]!, shareX);
        spare[write + c] = between(upper, lower, shareY);
      }
    }
  image.swap();
}

const between = (a: number, b: number, share: number): number => a + (b - a) * share;
