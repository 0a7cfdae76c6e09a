import { type Rows, resizeColumns, resizeRows } from './resize-passes.js';
import { bilinearTaps, type Taps } from './resize-taps.js';

/** A box of an image [height, width, channels] that starts at byte `offset` of `pixels`. */
export interface Region {
  pixels: Uint8Array;
  /** Width of the whole image. */
  rowLength: number;
  top: number;
  left: number;
  height: number;
  width: number;
}

/**
 * Resizes regions to one fixed size as Pillow does with 8-bit images, bit for bit (Resample.c, Geometry.c). Tap tables
 * and the intermediate image are kept from call to call.
 */
export class Resizer {
  readonly #taps = new Map<number, Taps>();
  #between = new Uint8Array(0);
  readonly #height: number;
  readonly #width: number;
  readonly #channels: number;

  constructor(height: number, width: number, channels: number) {
    this.#height = height;
    this.#width = width;
    this.#channels = channels;
  }

  /** `Image.crop(box).resize(size, BILINEAR)`: horizontally, then vertically, each rounded to bytes. */
  bilinear(source: Region, output: Uint8Array, outputOffset = 0): void {
    const channels = this.#channels;
    const length = this.#width * channels;
    const input: Rows = {
      bytes: source.pixels,
      start: (source.top * source.rowLength + source.left) * channels,
      rowBytes: source.rowLength * channels,
    };
    const target: Rows = { bytes: output, start: outputOffset, rowBytes: length };
    if (source.width === this.#width) {
      resizeColumns(input, target, length, this.#tapsFor(source.height, this.#height));
      return;
    }
    if (this.#between.length < source.height * length) this.#between = new Uint8Array(source.height * length);
    const between: Rows = { bytes: this.#between, start: 0, rowBytes: length };
    resizeRows(input, between, source.height, channels, this.#tapsFor(source.width, this.#width));
    resizeColumns(between, target, length, this.#tapsFor(source.height, this.#height));
  }

  /** `Image.crop(box).resize(size, NEAREST)`. Positions are summed up as Pillow does, not multiplied. */
  nearest(source: Region, output: Uint8Array, outputOffset = 0): void {
    const channels = this.#channels;
    const stepX = source.width / this.#width;
    const stepY = source.height / this.#height;
    let write = outputOffset;
    let y = stepY * 0.5;
    for (let row = 0; row < this.#height; row++, y += stepY) {
      const rowStart = ((source.top + Math.trunc(y)) * source.rowLength + source.left) * channels;
      let x = stepX * 0.5;
      for (let column = 0; column < this.#width; column++, x += stepX) {
        const read = rowStart + Math.trunc(x) * channels;
        for (let c = 0; c < channels; c++) output[write++] = source.pixels[read + c]!;
      }
    }
  }

  #tapsFor(input: number, output: number): Taps {
    const key = input * 65_536 + output;
    let taps = this.#taps.get(key);
    if (!taps) {
      taps = bilinearTaps(input, output);
      this.#taps.set(key, taps);
    }
    return taps;
  }
}
