import { resizeRoutines, slack } from './resize-routines.js';
import { bilinearTaps, type Taps } from './resize-taps.js';

/** A box of an image [height, width, channels] that starts at the first byte of `pixels`. */
export interface Region {
  pixels: Uint8Array;
  /** Width of the whole image. */
  rowLength: number;
  top: number;
  left: number;
  height: number;
  width: number;
}

/** Of so many pairs of sizes the tables are kept. */
const mostTaps = 4096;
const pageBytes = 65_536;
const align = (address: number): number => (address + 15) & ~15;

/**
 * Resizes regions to one size at a time as Pillow does with 8-bit images, bit for bit (Resample.c, Geometry.c). Tap tables
 * and memory are kept from call to call.
 */
export class Resizer {
  readonly #taps = new Map<number, Taps>();
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #run = resizeRoutines(this.#memory);
  #bytes = new Uint8Array(this.#memory.buffer);
  #words = new Int32Array(this.#memory.buffer);
  #height: number;
  #width: number;
  readonly #channels: 1 | 3;

  constructor(height: number, width: number, channels: number) {
    this.#height = height;
    this.#width = width;
    this.#channels = channels as 1 | 3;
  }

  /** Another size from now on. */
  resizeTo(height: number, width: number): void {
    this.#height = height;
    this.#width = width;
  }

  /** `Image.crop(box).resize(size, BILINEAR)`: horizontally, then vertically, each rounded to bytes. */
  bilinear(source: Region, output: Uint8Array, outputOffset = 0): void {
    const channels = this.#channels;
    const rowBytes = this.#width * channels;
    const sourceRowBytes = source.rowLength * channels;
    const across = this.#tapsFor(source.width, this.#width);
    const down = this.#tapsFor(source.height, this.#height);
    // Memory: taps, the rows of the region, the same resized horizontally, the output.
    const acrossAt = 0;
    const downAt = 4 * across.words.length;
    const inputAt = align(downAt + 4 * down.words.length);
    const inputBytes = (source.height - 1) * sourceRowBytes + source.width * channels;
    const betweenAt = align(inputAt + inputBytes + slack);
    const outputAt = align(betweenAt + source.height * rowBytes + slack);
    this.#reserve(outputAt + this.#height * rowBytes + slack);
    this.#words.set(across.words, acrossAt / 4);
    this.#words.set(down.words, downAt / 4);
    const start = (source.top * source.rowLength + source.left) * channels;
    this.#bytes.set(source.pixels.subarray(start, start + inputBytes), inputAt);

    const isAsWide = source.width === this.#width;
    if (!isAsWide) {
      const weightsAt = acrossAt + 4 * this.#width;
      const rows = channels === 3 ? this.#run.rows3 : this.#run.rows1;
      rows(inputAt, sourceRowBytes, betweenAt, source.height, this.#width, acrossAt, weightsAt, across.count);
    }
    const [from, fromRowBytes] = isAsWide ? [inputAt, sourceRowBytes] : [betweenAt, rowBytes];
    const weightsAt = downAt + 4 * this.#height;
    this.#run.columns(from, fromRowBytes, outputAt, rowBytes, this.#height, downAt, weightsAt, down.count);
    output.set(this.#bytes.subarray(outputAt, outputAt + this.#height * rowBytes), outputOffset);
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
      if (this.#taps.size >= mostTaps) this.#taps.clear();
      this.#taps.set(key, taps);
    }
    return taps;
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return;
    this.#memory.grow(Math.ceil((bytes - this.#bytes.length) / pageBytes));
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#words = new Int32Array(this.#memory.buffer);
  }
}
