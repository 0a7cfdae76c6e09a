/** Reading and writing safetensors files (contract/safetensors-header.ts says what they are). */
import { type FileHandle, open } from 'node:fs/promises';
import {
  type ElementType,
  elementBits,
  headerEnd,
  lengthBytes,
  readHeader,
  type SafetensorsHeader,
} from '../contract/safetensors-header.js';

export interface StoredTensor {
  type: ElementType;
  shape: readonly number[];
  /** Little-endian, row-major. */
  bytes: Uint8Array;
}

export interface Safetensors {
  metadata: Record<string, string>;
  /** In the order of the header. */
  tensors: Map<string, StoredTensor>;
}

/**
 * The file as parts to be written one after the other. The header keeps the tensors' order; the widest elements come
 * first in the data, so that every tensor is aligned.
 */
export function serialize({ metadata, tensors }: Safetensors): Uint8Array[] {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const byWidth = [...tensors].sort(([, a], [, b]) => elementBits[b.type] - elementBits[a.type]);
  const offsets = new Map<string, [number, number]>();
  let end = 0;
  for (const [name, tensor] of byWidth) {
    const start = end;
    end += tensor.bytes.byteLength;
    offsets.set(name, [start, end]);
  }
  for (const [name, { type, shape }] of tensors)
    header[name] = { dtype: type, shape, data_offsets: offsets.get(name) };
  const json = JSON.stringify(header);
  const padding = -Buffer.byteLength(json) & 7;
  const text = Buffer.from(json + ' '.repeat(padding));
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(text.length));
  return [length, text, ...byWidth.map(([, tensor]) => tensor.bytes)];
}

/** Throws, naming `where` (the file), on everything that is not a whole, sound file. The bytes are shared. */
export function parse(file: Uint8Array, where: string): Safetensors {
  const { metadata, tensors, dataStart } = named(where, () => readHeader(file, file.byteLength));
  const data = new Uint8Array(file.buffer, file.byteOffset, file.byteLength).subarray(dataStart);
  return {
    metadata,
    tensors: new Map(
      [...tensors].map(([name, { type, shape, start, end }]) => [
        name,
        { type, shape, bytes: data.subarray(start, end) },
      ]),
    ),
  };
}

/** The header of a file, whatever its size. Rejects as `parse` throws, and where the file can't be read. */
export async function readFileHeader(path: string): Promise<SafetensorsHeader> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const first = await readFully(file, Math.min(size, firstBytes));
    const end = named(path, () => headerEnd(first, size));
    const whole = await readFully(file, end);
    return named(path, () => readHeader(whole, size));
  } finally {
    await file.close();
  }
}

/** Enough to tell what a file is. */
const firstBytes = 512;

async function readFully(file: FileHandle, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(bytes, at, length - at, at);
    if (bytesRead === 0) return bytes.subarray(0, at);
    at += bytesRead;
  }
  return bytes;
}

function named<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Error(`${where} ${(cause as Error).message}`, { cause });
  }
}
