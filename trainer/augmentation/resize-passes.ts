/**
 * The two passes of a resize over bytes. Both sum weighted bytes in 32-bit integers, as Pillow does; two taps, all that
 * enlarging needs, have loops of their own.
 */
import { precisionBits, type Taps } from './resize-taps.js';

const half = 1 << (precisionBits - 1);

/** Bytes in rows: row y begins at `start + y * rowBytes`. */
export interface Rows {
  bytes: Uint8Array;
  start: number;
  rowBytes: number;
}

/** Resizes `height` rows to the width that `taps` are for. */
export function resizeRows(input: Rows, output: Rows, height: number, channels: number, taps: Taps): void {
  const pass = taps.count !== 2 ? rowOfMany : channels === 3 ? rowOfTwoInColour : rowOfTwo;
  for (let y = 0; y < height; y++)
    pass(
      input.bytes,
      input.start + y * input.rowBytes,
      output.bytes,
      output.start + y * output.rowBytes,
      channels,
      taps,
    );
}

function rowOfTwoInColour(
  input: Uint8Array,
  read: number,
  output: Uint8Array,
  write: number,
  _channels: number,
  { first, weights }: Taps,
): void {
  for (let o = 0, to = write; o < first.length; o++, to += 3) {
    const at = read + first[o]! * 3;
    const near = weights[2 * o]!;
    const far = weights[2 * o + 1]!;
    output[to] = (Math.imul(input[at]!, near) + Math.imul(input[at + 3]!, far) + half) >> precisionBits;
    output[to + 1] =
      (Math.imul(input[at + 1]!, near) + Math.imul(input[at + 4]!, far) + half) >> precisionBits;
    output[to + 2] =
      (Math.imul(input[at + 2]!, near) + Math.imul(input[at + 5]!, far) + half) >> precisionBits;
  }
}

function rowOfTwo(
  input: Uint8Array,
  read: number,
  output: Uint8Array,
  write: number,
  channels: number,
  { first, weights }: Taps,
): void {
  for (let o = 0, to = write; o < first.length; o++)
    for (let c = 0, at = read + first[o]! * channels; c < channels; c++, at++)
      output[to++] =
        (Math.imul(input[at]!, weights[2 * o]!) +
          Math.imul(input[at + channels]!, weights[2 * o + 1]!) +
          half) >>
        precisionBits;
}

function rowOfMany(
  input: Uint8Array,
  read: number,
  output: Uint8Array,
  write: number,
  channels: number,
  { count, first, weights }: Taps,
): void {
  for (let o = 0, to = write; o < first.length; o++)
    for (let c = 0; c < channels; c++) {
      let sum = half;
      for (let k = 0, at = read + first[o]! * channels + c; k < count; k++, at += channels)
        sum += Math.imul(input[at]!, weights[o * count + k]!);
      output[to++] = sum >> precisionBits;
    }
}

/** Resizes columns: output row o of `length` bytes is a weighted sum of input rows. */
export function resizeColumns(input: Rows, output: Rows, length: number, taps: Taps): void {
  const { count, first, weights } = taps;
  for (let o = 0; o < first.length; o++) {
    const read = input.start + first[o]! * input.rowBytes;
    const write = output.start + o * output.rowBytes;
    if (count === 2)
      sumTwoRows(input, read, output.bytes, write, length, weights[2 * o]!, weights[2 * o + 1]!);
    else
      for (let i = 0; i < length; i++) {
        let sum = half;
        for (let k = 0, at = read + i; k < count; k++, at += input.rowBytes)
          sum += Math.imul(input.bytes[at]!, weights[o * count + k]!);
        output.bytes[write + i] = sum >> precisionBits;
      }
  }
}

function sumTwoRows(
  { bytes, rowBytes }: Rows,
  read: number,
  output: Uint8Array,
  write: number,
  length: number,
  near: number,
  far: number,
): void {
  for (let i = 0; i < length; i++)
    output[write + i] =
      (Math.imul(bytes[read + i]!, near) + Math.imul(bytes[read + rowBytes + i]!, far) + half) >>
      precisionBits;
}
