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
