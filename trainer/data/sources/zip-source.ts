import { closeSync, fstatSync, openSync } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';
import type { Problems } from '../data-error.js';
import { sizeFromHeader, sizeOfFile } from './image-header.js';
import {
  ImageError,
  type ImageSource,
  kindOfFile,
  type StoredImage,
  type ZipEntries,
} from './image-source.js';
import { readFully } from './read-fully.js';
import { readZipDirectory, type ZipMember } from './zip-directory.js';

const stored = 0;
const deflated = 8;
const localHeaderSize = 30;
/** A header of an image nearly always lies within so many bytes. */
const headSize = 1024;

/**
 * Lists the images of the zip `path`; what can't be used is added to `problems` under `key`. Throws an Error if
 * it isn't a zip.
 */
export function listZip(path: string, problems: Problems, key: string): ZipEntries {
  const fd = openSync(path, 'r');
  const seen = new Set<string>();
  const accept = ({ name, method, isEncrypted }: ZipMember): boolean => {
    const kind = kindOfFile(name);
    if (kind === 'other') problems.warning(key, 'neither JPEG nor PNG by its name, left out', name);
    if (kind !== 'image') return false;
    if (isEncrypted) problems.error(key, 'encrypted members of a zip can’t be read', name);
    else if (method !== stored && method !== deflated)
      problems.error(key, `zip compression ${method} is not known (expected stored or deflated)`, name);
    else if (seen.has(name)) problems.error(key, 'twice in the zip', name);
    else {
      seen.add(name);
      return true;
    }
    return false;
  };
  try {
    return readZipDirectory(fd, fstatSync(fd).size, accept);
  } finally {
    closeSync(fd);
  }
}

/** Images of a zip, read at random. The CRC of each is checked. */
export class ZipSource implements ImageSource {
  readonly names: readonly string[];
  readonly #path: string;
  readonly #entries: ZipEntries;
  readonly #fd: number;

  constructor(path: string, entries: ZipEntries) {
    this.#path = path;
    this.#entries = entries;
    this.names = entries.names;
    this.#fd = openSync(path, 'r');
  }

  content(image: number): string {
    return `${this.#entries.crc[image]}:${this.#entries.size[image]}`;
  }

  read(image: number): StoredImage {
    const size = this.#entries.size[image]!;
    const packed = this.#packed(image, this.#entries.storedSize[image]!);
    let bytes: Uint8Array = packed;
    if (this.#entries.method[image] === deflated)
      try {
        bytes = inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
      } catch (cause) {
        throw new ImageError('the zip is damaged here: it can’t be inflated', { cause });
      }
    if (bytes.length !== size || crc32(bytes) !== this.#entries.crc[image])
      throw new ImageError('the zip is damaged here: checksum differs');
    return { kind: 'file', bytes };
  }

  size(image: number) {
    if (this.#entries.method[image] === stored) {
      const size = sizeFromHeader(this.#packed(image, Math.min(headSize, this.#entries.storedSize[image]!)));
      if (size) return size;
    }
    const whole = this.read(image) as { bytes: Uint8Array };
    return sizeOfFile(whole.bytes);
  }

  /** The first `length` bytes as they stand in the zip. */
  #packed(image: number, length: number): Buffer {
    const offset = this.#entries.offset[image]!;
    try {
      // The local header repeats the name and may have other extra fields: guess, and read again if wrong.
      const guess = localHeaderSize + Buffer.byteLength(this.names[image]!);
      const bytes = readFully(this.#fd, offset, guess + length);
      if (bytes.readUInt32LE(0) !== 0x04034b50) throw new Error('no local header');
      const start = localHeaderSize + bytes.readUInt16LE(26) + bytes.readUInt16LE(28);
      return start === guess ? bytes.subarray(start) : readFully(this.#fd, offset + start, length);
    } catch (cause) {
      throw new ImageError('the zip is damaged here: the member can’t be read', { cause });
    }
  }

  describe() {
    return { kind: 'zip' as const, path: this.#path, ...this.#entries };
  }

  close(): void {
    closeSync(this.#fd);
  }
}
