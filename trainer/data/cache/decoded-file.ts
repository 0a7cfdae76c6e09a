import { closeSync, fstatSync, mkdirSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { readFully, readInto } from '../sources/read-fully.js';

/**
 * A file of decoded images: 8 bytes of magic, CRC-32 (4 bytes) and length (8 bytes, float64) of the images, 12
 * bytes of nothing, then the images.
 */
const magic = 'GRIDIMG1';
const headerSize = 32;
/** Pieces small enough that the checksum finds them in the processor's cache. */
const piece = 1 << 20;

/** Reads `length` bytes of decoded images. Undefined where the file is missing, cut off, damaged or of another length. */
export function readDecoded(path: string, length: number): Uint8Array | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    if (fstatSync(fd).size !== headerSize + length) return undefined;
    const header = readFully(fd, 0, headerSize);
    if (header.toString('latin1', 0, 8) !== magic || header.readDoubleLE(12) !== length) return undefined;
    const images = sharedBytes(length);
    let checksum = 0;
    for (let at = 0; at < length; at += piece) {
      const part = images.subarray(at, at + piece);
      readInto(fd, headerSize + at, part);
      checksum = crc32(part, checksum);
    }
    return checksum === header.readUInt32LE(8) ? images : undefined;
  } finally {
    closeSync(fd);
  }
}

/** Writes decoded images under a temporary name and renames. Throws where the disk is full or read-only. */
export function writeDecoded(path: string, images: Uint8Array): void {
  const header = Buffer.alloc(headerSize);
  header.write(magic, 'latin1');
  header.writeUInt32LE(crc32(images), 8);
  header.writeDoubleLE(images.length, 12);
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const fd = openSync(temporary, 'w');
    try {
      writeAll(fd, header);
      writeAll(fd, images);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    try {
      unlinkSync(temporary);
    } catch {
      // It was never made; the error above says why.
    }
    throw error;
  }
}

/** Bytes that all threads see. Throws an Error that says what helps where there is no memory for so many. */
export function sharedBytes(length: number): Uint8Array {
  try {
    return new Uint8Array(new SharedArrayBuffer(length));
  } catch (cause) {
    throw new Error(
      `${(length / 2 ** 30).toFixed(1)} GiB for decoded images: ${(cause as Error).message}; a smaller data.imageSize, data.shortSide or data.limit needs less`,
      { cause },
    );
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, Math.min(1 << 26, bytes.length - at));
}
