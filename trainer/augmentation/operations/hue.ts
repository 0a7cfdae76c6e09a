/** torchvision's adjust_hue on PIL images: Pillow's conversions to HSV in bytes and back (Convert.c). */
import type { ImageBuffer } from '../image-buffer.js';

/** Shifts the hue by `turns` of the colour circle, in [-0.5, 0.5]. Grey images stay as they are. */
export function adjustHue({ pixels, channels }: ImageBuffer, turns: number): void {
  if (channels === 1) return;
  const shift = Math.trunc(turns * 255);
  for (let i = 0; i < pixels.length; i += 3) {
    const red = pixels[i]!;
    const green = pixels[i + 1]!;
    const blue = pixels[i + 2]!;
    const value = Math.max(red, green, blue);
    const span = value - Math.min(red, green, blue);
    const saturation = span === 0 ? 0 : Math.trunc(Math.fround(span / value) * 255);
    const hue = span === 0 ? 0 : hueByte(red, green, blue, value, span);
    writeRgb(pixels, i, (hue + shift) & 255, saturation, value);
  }
}

/** Hue of a colour, as a byte. Where red is the largest it lies around 0, of green around 85, of blue around 170. */
function hueByte(red: number, green: number, blue: number, value: number, span: number): number {
  const fromRed = Math.fround((value - red) / span);
  const fromGreen = Math.fround((value - green) / span);
  const fromBlue = Math.fround((value - blue) / span);
  const sextant =
    red === value ? fromBlue - fromGreen : green === value ? 2 + fromRed - fromBlue : 4 + fromGreen - fromRed;
  return Math.trunc(Math.fround((Math.fround(sextant) / 6 + 1) % 1) * 255);
}

function writeRgb(pixels: Uint8Array, at: number, hue: number, saturation: number, value: number): void {
  const strength = Math.fround(saturation / 255);
  const position = Math.fround((hue * 6) / 255);
  const sextant = Math.floor(position);
  const fraction = Math.fround(position - sextant);
  const low = roundHalfUp(value * (1 - strength));
  const falling = roundHalfUp(value * (1 - strength * fraction));
  const rising = roundHalfUp(value * (1 - strength * (1 - fraction)));
  const turn = sextant % 6;
  pixels[at] = turn === 0 || turn === 5 ? value : turn === 1 ? falling : turn === 4 ? rising : low;
  pixels[at + 1] = turn === 1 || turn === 2 ? value : turn === 3 ? falling : turn === 0 ? rising : low;
  pixels[at + 2] = turn === 3 || turn === 4 ? value : turn === 5 ? falling : turn === 2 ? rising : low;
}

/** C's `round` of numbers that aren't negative. */
const roundHalfUp = (value: number): number => Math.floor(value + 0.5);
