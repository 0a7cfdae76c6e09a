/** Pillow's ImageOps.autocontrast and ImageOps.equalize: channel by channel, from its histogram. */
import type { ImageBuffer } from '../image-buffer.js';
import { lookUpChannel } from './lookup.js';
import type { Operation } from './operation.js';

const counts = new Int32Array(256);
const table = new Uint8Array(256);

function countBytes({ pixels, channels }: ImageBuffer, channel: number): void {
  counts.fill(0);
  for (let i = channel; i < pixels.length; i += channels) counts[pixels[i]!]!++;
}

/** Spreads the bytes that occur over 0..255. */
export const autoContrast: Operation = image => {
  for (let channel = 0; channel < image.channels; channel++) {
    countBytes(image, channel);
    const low = lowestByte();
    const high = highestByte();
    if (high <= low) continue;
    const scale = 255 / (high - low);
    const offset = -low * scale;
    for (let byte = low; byte <= high; byte++)
      table[byte] = Math.min(Math.max(Math.trunc(byte * scale + offset), 0), 255);
    lookUpChannel(image, channel, table);
  }
};

/** Makes all bytes about as frequent. */
export const equalize: Operation = image => {
  const total = image.height * image.width;
  for (let channel = 0; channel < image.channels; channel++) {
    countBytes(image, channel);
    const high = highestByte();
    const step = Math.trunc((total - counts[high]!) / 255);
    if (step === 0) continue;
    let below = step >> 1;
    for (let byte = 0; byte < 256; byte++) {
      table[byte] = Math.min(255, Math.trunc(below / step));
      below += counts[byte]!;
    }
    lookUpChannel(image, channel, table);
  }
};

function lowestByte(): number {
  let byte = 0;
  while (counts[byte] === 0) byte++;
  return byte;
}

function highestByte(): number {
  let byte = 255;
  while (counts[byte] === 0) byte--;
  return byte;
}
