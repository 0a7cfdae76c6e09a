import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { mostInflation } from './inflation.js';

/** A file of LeCun's IDX format with bytes: `dimensions`, then the values, row-major. */
export interface IdxFile {
  dimensions: number[];
  data: Uint8Array;
}

const unsignedBytes = 8;

/**
 * Reads an IDX file of unsigned bytes, gunzipped if it is gzipped; every dimension but the first is at least 1. Takes no
 * more memory than the size that the file has says. Throws an Error that names the file and says what is wrong.
 */
export function readIdx(path: string, rank: number): IdxFile {
  try {
    return parseIdx(readFileSync(path), rank);
  } catch (cause) {
    throw new Error(`${basename(path)}: ${(cause as Error).message}`, { cause });
  }
}

function parseIdx(file: Buffer, rank: number): IdxFile {
  const isPacked = file[0] === 0x1f && file[1] === 0x8b;
  const header = 4 + 4 * rank;
  const head = isPacked ? gunzipHead(file) : file;
  if (head.length < header || head.readUInt16BE(0) !== 0 || head[2] !== unsignedBytes || head[3] !== rank)
    throw new Error(`not an IDX file of bytes with ${rank} dimensions`);
  const dimensions = Array.from({ length: rank }, (_, i) => head.readUInt32BE(4 + 4 * i));
  const named = dimensions.join('×');
  if (dimensions.slice(1).includes(0)) throw new Error(`${named} values: expected images of at least 1×1`);
  const expected = header + dimensions.reduce((product, length) => product * length, 1);
  if (isPacked && expected > file.length * mostInflation)
    throw new Error(`${named} values can’t be in ${file.length} gzipped bytes`);
  const bytes = isPacked ? gunzip(file, expected) : file;
  if (bytes.length !== expected)
    throw new Error(`${named} values need ${expected} bytes, the file has ${bytes.length}`);
  return { dimensions, data: bytes.subarray(header) };
}

/** The first values of a gzipped file. */
function gunzipHead(file: Buffer): Buffer {
  return gunzipSync(file.subarray(0, 4096), { finishFlush: constants.Z_SYNC_FLUSH });
}

function gunzip(file: Buffer, expected: number): Buffer {
  try {
    return gunzipSync(file, { maxOutputLength: expected });
  } catch (cause) {
    const isLonger = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new Error(
      isLonger
        ? `more than the ${expected} bytes that it says it has`
        : `can’t be gunzipped (${(cause as Error).message})`,
      { cause },
    );
  }
}
