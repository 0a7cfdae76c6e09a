import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A file of LeCun's IDX format with bytes: `dimensions`, then the values, row-major. */
export interface IdxFile {
  dimensions: number[];
  data: Uint8Array;
}

const unsignedBytes = 8;

/** Reads an IDX file of unsigned bytes, gunzipped if it is gzipped. Throws an Error that says what is wrong. */
export function readIdx(path: string, rank: number): IdxFile {
  const file = readFileSync(path);
  const bytes = file[0] === 0x1f && file[1] === 0x8b ? gunzipSync(file) : file;
  const header = 4 + 4 * rank;
  if (bytes.length < header || bytes.readUInt16BE(0) !== 0 || bytes[2] !== unsignedBytes || bytes[3] !== rank)
    throw new Error(`not an IDX file of bytes with ${rank} dimensions`);
  const dimensions = Array.from({ length: rank }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
  const expected = header + dimensions.reduce((product, length) => product * length, 1);
  if (bytes.length !== expected)
    throw new Error(`${dimensions.join('×')} values need ${expected} bytes, the file has ${bytes.length}`);
  return { dimensions, data: bytes.subarray(header) };
}
