/** Event files of TensorBoard: records of TFRecord, each an Event. */
import { double, message, whole } from './protobuf.js';

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** CRC-32C (Castagnoli). */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function masked(bytes: Uint8Array): Buffer {
  const crc = crc32c(bytes);
  const word = Buffer.alloc(4);
  word.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return word;
}

function record(data: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, masked(length), data, masked(data)]);
}

/** Whole records from the beginning of a file, each with where it ends; what follows a torn or damaged one is none. */
export function* recordsOf(file: Buffer): Generator<{ data: Buffer; end: number }> {
  for (let at = 0; at + 16 <= file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const end = at + 12 + length + 4;
    if (end > file.length || !masked(file.subarray(at, at + 8)).equals(file.subarray(at + 8, at + 12)))
      return;
    const data = file.subarray(at + 12, end - 4);
    if (!masked(data).equals(file.subarray(end - 4, end))) return;
    yield { data, end };
    at = end;
  }
}

/** What an event file begins with. */
export const header = (seconds: number): Buffer =>
  record(Buffer.concat([double(1, seconds), message(3, 'brain.Event:2')]));

/** An event of these values of a Summary (`Summary.Value`). */
export const summary = (seconds: number, step: number, ...values: Buffer[]): Buffer =>
  record(
    Buffer.concat([
      double(1, seconds),
      whole(2, step),
      message(5, ...values.map(value => message(1, value))),
    ]),
  );

const sessionStarted = 1;

/** A run begins, or goes on: TensorBoard forgets what an earlier attempt wrote of this step and later ones. */
export const restart = (seconds: number, step: number, words: string): Buffer =>
  record(
    Buffer.concat([
      double(1, seconds),
      whole(2, step),
      message(7, whole(1, sessionStarted), message(3, words)),
    ]),
  );
