import { closeSync, fstatSync, openSync } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';
import type { Problems } from '../data-error.js';
import { sizeFromHeader, sizeOfFile } from './image-header.js';
import {
  checkFileSize,
  ImageError,
  type ImageSource,
  kindOfFile,
  notAnImageByName,
  type StoredImage,
  type ZipEntries,
} from './image-source.js';
import { mostInflation } from './inflation.js';
import { readFully } from './read-fully.js';
import { readZipDirectory, type ZipMember } from './zip-directory.js';
import { nameOfMethod } from './zip-methods.js';
import { decodeName } from './zip-names.js';

const stored = 0;
const deflated = 8;
const localHeaderSize = 30;
const localSignature = 0x04034b50;
/** A header of an image nearly always lies within so many bytes. */
const headSize = 1024;

/**
 * Lists the images of the zip `path`; what can't be used is added to `problems` under `key`. Throws an Error if
 * it isn't a zip.
 */
export function listZip(path: string, problems: Problems, key: string): ZipEntries {
  const accept = ({ name, method, isEncrypted }: ZipMember): boolean => {
    if (name.split('/').includes('..')) problems.error(key, 'names that lead out of the zip', name);
    const kind = kindOfFile(name);
    if (kind === 'other') problems.warning(key, notAnImageByName, name);
    if (kind !== 'image') return false;
    if (isEncrypted) problems.error(key, 'encrypted members of a zip can’t be read', name);
    else if (method !== stored && method !== deflated)
      problems.error(
        key,
        `members packed by ${nameOfMethod(method)} can’t be read (pack the zip with deflate, or unpack it and give the folder)`,
        name,
      );
    else return true;
    return false;
  };
  const fd = openSync(path, 'r');
  try {
    const listing = readZipDirectory(fd, fstatSync(fd).size, accept);
    const { members, statedMembers, repeated, ...entries } = listing;
    for (const name of repeated) problems.warning(key, 'twice in the zip, the later one counts', name);
    if (members % 65_536 !== statedMembers % 65_536)
      problems.warning(
        key,
        `${path} says that it has ${statedMembers} members, its directory lists ${members}: these are taken`,
      );
    return entries;
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
  readonly #fileSize: number;

  constructor(path: string, entries: ZipEntries) {
    this.#path = path;
    this.#entries = entries;
    this.names = entries.names;
    this.#fd = openSync(path, 'r');
    this.#fileSize = fstatSync(this.#fd).size;
  }

  content(image: number): string {
    return `${this.#entries.crc[image]}:${this.#entries.size[image]}`;
  }

  read(image: number): StoredImage {
    const size = this.#entries.size[image]!;
    const storedSize = this.#entries.storedSize[image]!;
    const isDeflated = this.#entries.method[image] === deflated;
    checkFileSize(size);
    if (isDeflated ? size > storedSize * mostInflation : size !== storedSize)
      throw new ImageError(`the zip is damaged here: ${size} bytes can’t be in ${storedSize}`);
    const packed = this.#packed(image, storedSize);
    let bytes: Uint8Array = packed;
    if (isDeflated)
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
    const name = this.names[image]!;
    let cause: unknown;
    // The place is known modulo 4 GiB where the zip gives it in 32 bits.
    for (let offset = this.#entries.offset[image]!; offset < this.#fileSize; offset += 2 ** 32)
      try {
        if (this.#fileSize >= 2 ** 32 && !this.#isMember(offset, name)) continue;
        // The local header repeats the name and may have other extra fields: guess, and read again if wrong.
        const guess = localHeaderSize + Buffer.byteLength(name);
        const bytes = readFully(this.#fd, offset, Math.min(guess + length, this.#fileSize - offset));
        if (bytes.readUInt32LE(0) !== localSignature) continue;
        const start = localHeaderSize + bytes.readUInt16LE(26) + bytes.readUInt16LE(28);
        if (offset + start + length > this.#fileSize) throw new Error('it ends behind the end of the file');
        return start === guess ? bytes.subarray(start) : readFully(this.#fd, offset + start, length);
      } catch (error) {
        cause = error;
      }
    throw new ImageError('the zip is damaged here: the member can’t be read', { cause });
  }

  /** Whether the local header of the member `name` is at `offset`. */
  #isMember(offset: number, name: string): boolean {
    const header = readFully(this.#fd, offset, localHeaderSize);
    if (header.readUInt32LE(0) !== localSignature) return false;
    const nameLength = header.readUInt16LE(26);
    const rest = readFully(this.#fd, offset + localHeaderSize, nameLength + header.readUInt16LE(28));
    return (
      decodeName(rest.subarray(0, nameLength), header.readUInt16LE(6), rest.subarray(nameLength)) === name
    );
  }

  describe() {
    return { kind: 'zip' as const, path: this.#path, ...this.#entries };
  }

  close(): void {
    closeSync(this.#fd);
  }
}
