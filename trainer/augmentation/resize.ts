/**
 * Pillow's resize of 8-bit images, bit for bit (libImaging/Resample.c and Geometry.c): antialiased bilinear in
 * fixed point, and nearest.
 */
const precisionBits = 22;
const half = 1 << (precisionBits - 1);

/** For each output index: where its taps begin, how many there are, and their weights × 2^22. */
interface Taps {
  first: Int32Array;
  count: Int32Array;
  /** [output, maximum]. */
  weights: Int32Array;
  maximum: number;
}

function bilinearTaps(input: number, output: number): Taps {
  const scale = input / output;
  const stretch = Math.max(scale, 1);
  const maximum = Math.ceil(stretch) * 2 + 1;
  const taps: Taps = {
    first: new Int32Array(output),
    count: new Int32Array(output),
    weights: new Int32Array(output * maximum),
    maximum,
  };
  const raw = new Float64Array(maximum);
  for (let o = 0; o < output; o++) {
    const centre = (o + 0.5) * scale;
    const first = Math.trunc(Math.max(0, centre - stretch + 0.5));
    const count = Math.trunc(Math.min(input, centre + stretch + 0.5)) - first;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      raw[k] = Math.max(0, 1 - Math.abs((first + k - centre + 0.5) * (1 / stretch)));
      sum += raw[k]!;
    }
    for (let k = 0; k < count; k++)
      taps.weights[o * maximum + k] = Math.trunc((raw[k]! / sum) * (1 << precisionBits) + 0.5);
    taps.first[o] = first;
    taps.count[o] = count;
  }
  return taps;
}

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

/** Resizes regions to one fixed size. Tap tables and the intermediate image are kept from call to call. */
export class Resizer {
  readonly #taps = new Map<number, Taps>();
  #rows = new Uint8Array(0);
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
    const sourceRow = source.rowLength * channels;
    let { pixels } = source;
    let start = source.top * sourceRow + source.left * channels;
    let rowBytes = sourceRow;
    if (source.width !== this.#width) {
      const length = source.height * this.#width * channels;
      if (this.#rows.length < length) this.#rows = new Uint8Array(length);
      this.#horizontal(pixels, start, sourceRow, source, this.#rows);
      pixels = this.#rows;
      start = 0;
      rowBytes = this.#width * channels;
    }
    this.#vertical(pixels, start, rowBytes, source.height, output, outputOffset);
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

  #horizontal(pixels: Uint8Array, start: number, rowBytes: number, source: Region, rows: Uint8Array): void {
    const channels = this.#channels;
    const { first, count, weights, maximum } = this.#tapsFor(source.width, this.#width);
    for (let o = 0; o < this.#width; o++) {
      const taps = count[o]!;
      const weightStart = o * maximum;
      let read = start + first[o]! * channels;
      let write = o * channels;
      for (let row = 0; row < source.height; row++) {
        for (let c = 0; c < channels; c++) {
          let sum = half;
          for (let k = 0, at = read + c; k < taps; k++, at += channels)
            sum += Math.imul(pixels[at]!, weights[weightStart + k]!);
          rows[write + c] = sum >> precisionBits;
        }
        read += rowBytes;
        write += this.#width * channels;
      }
    }
  }

  #vertical(
    pixels: Uint8Array,
    start: number,
    rowBytes: number,
    height: number,
    output: Uint8Array,
    outputOffset: number,
  ): void {
    const length = this.#width * this.#channels;
    const { first, count, weights, maximum } = this.#tapsFor(height, this.#height);
    for (let o = 0; o < this.#height; o++) {
      const taps = count[o]!;
      const weightStart = o * maximum;
      const read = start + first[o]! * rowBytes;
      const write = outputOffset + o * length;
      for (let i = 0; i < length; i++) {
        let sum = half;
        for (let k = 0, at = read + i; k < taps; k++, at += rowBytes)
          sum += Math.imul(pixels[at]!, weights[weightStart + k]!);
        output[write + i] = sum >> precisionBits;
      }
    }
  }
}
