/** Operations that replace each byte by another, alike in every place of the image. */
import type { ImageBuffer } from '../image-buffer.js';
import type { Operation } from './operation.js';

/** Replaces every byte b of the image by `table[b]`. */
export function lookUp({ pixels }: ImageBuffer, table: Uint8Array): void {
  for (let i = 0; i < pixels.length; i++) pixels[i] = table[pixels[i]!]!;
}

/** Replaces the bytes of one channel. */
export function lookUpChannel({ pixels, channels }: ImageBuffer, channel: number, table: Uint8Array): void {
  for (let i = channel; i < pixels.length; i += channels) pixels[i] = table[pixels[i]!]!;
}

const tableOf = (value: (byte: number) => number): Operation => {
  const table = Uint8Array.from({ length: 256 }, (_, byte) => value(byte));
  return image => lookUp(image, table);
};

/** Keeps the `bits` highest bits of each byte (ImageOps.posterize). */
export const posterize = (bits: number): Operation => {
  const lost = 2 ** (8 - Math.trunc(bits)) - 1;
  return tableOf(byte => byte & ~lost);
};

/** Inverts the bytes that are not below `threshold` (ImageOps.solarize). */
export const solarize = (threshold: number): Operation =>
  tableOf(byte => (byte < threshold ? byte : 255 - byte));

/** ImageOps.invert. */
export const invert: Operation = tableOf(byte => 255 - byte);
