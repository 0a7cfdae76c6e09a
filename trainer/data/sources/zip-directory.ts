import type { ZipEntries } from './image-source.js';
import { readFully } from './read-fully.js';
import { type FoundDirectory, findDirectory } from './zip-end.js';
import { decodeName, forEachField } from './zip-names.js';

/** Fixed part of a member's entry. */
const entrySize = 46;
const entrySignature = 0x02014b50;
const digitalSignature = 0x05054b50;
const zip64Field = 1;
/** In place of a number that doesn't fit its 32 bits. */
const elsewhere = 0xffffffff;
/** Numbers of 32 bits are what they should be modulo this. */
const wrap = 2 ** 32;
/** MS-DOS attribute. */
const folderAttribute = 0x10;

/** What decides whether a member is wanted. */
export interface ZipMember {
  name: string;
  /** 0: stored, 8: deflated. */
  method: number;
  isEncrypted: boolean;
}

export interface ZipListing extends ZipEntries {
  /** Names that more than one wanted member has; the last one counts, as for unzip. */
  repeated: string[];
  /** Members in the directory, and how many its summary says. That has 16 bits: it may be the number modulo 65,536. */
  members: number;
  statedMembers: number;
}

/**
 * Reads the central directory of a zip (APPNOTE.TXT 6.3.10, with zip64) to its end, and returns the members that `accept`
 * wants, folders left out. What the zip says in summary (number of members, where the directory begins) is often wrong:
 * Finder counts modulo 65,536 and measures modulo 4 GiB, self-extracting zips count from behind their program. It is read
 * in one piece and into columns: 100,000 members take 0.1 s, where a reader that fetches one member at a time needs
 * seconds. `fd` is the open file of `fileSize` bytes. Throws an Error that says what is damaged.
 */
export function readZipDirectory(
  fd: number,
  fileSize: number,
  accept: (member: ZipMember) => boolean,
): ZipListing {
  const { start, end, statedLength, shift, statedMembers } = findDirectory(fd, fileSize);
  const length = end - start;
  const bytes = readFully(fd, start, length);
  const entries = emptyEntries(Math.floor(length / entrySize));
  const places = new Map<string, number>();
  const repeated: string[] = [];
  let members = 0;
  for (let at = 0; at < length; members++) {
    const signature = at + 4 <= length ? bytes.readUInt32LE(at) : undefined;
    if (signature === digitalSignature || (signature !== entrySignature && at >= statedLength)) break;
    if (signature !== entrySignature || at + entrySize > length) throw damaged(members);
    const nameEnd = at + entrySize + bytes.readUInt16LE(at + 28);
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
    if (extraEnd > length) throw damaged(members);
    const flags = bytes.readUInt16LE(at + 8);
    const method = bytes.readUInt16LE(at + 10);
    const extra = bytes.subarray(nameEnd, extraEnd);
    const name = decodeName(bytes.subarray(at + entrySize, nameEnd), flags, extra);
    const size = bytes.readUInt32LE(at + 24);
    const isFolder = name.endsWith('/') || (size === 0 && (bytes[at + 38]! & folderAttribute) !== 0);
    if (!isFolder && accept({ name, method, isEncrypted: (flags & 1) === 1 })) {
      const known = places.get(name);
      const place = known ?? places.size;
      if (known === undefined) places.set(name, place);
      else repeated.push(name);
      entries.method[place] = method;
      entries.crc[place] = bytes.readUInt32LE(at + 16);
      entries.storedSize[place] = bytes.readUInt32LE(at + 20);
      entries.size[place] = size;
      entries.offset[place] = bytes.readUInt32LE(at + 42);
      readZip64Fields(entries, place, extra);
      toPlaceInFile(entries, place, shift);
    }
    at = extraEnd + bytes.readUInt16LE(at + 32);
  }
  return { ...entries, names: [...places.keys()], repeated, members, statedMembers };
}

function damaged(members: number): Error {
  return new Error(`the zip’s directory is damaged at its entry ${members + 1}`);
}

type Columns = Omit<ZipEntries, 'names'>;

function emptyEntries(capacity: number): Columns {
  return {
    offset: new Float64Array(capacity),
    storedSize: new Float64Array(capacity),
    size: new Float64Array(capacity),
    crc: new Uint32Array(capacity),
    method: new Uint16Array(capacity),
  };
}

/** Sizes and offset that don't fit 32 bits stand in an extra field, in this order. */
function readZip64Fields(entries: Columns, place: number, extra: Buffer): void {
  if (extra.length === 0) return;
  forEachField(extra, (id, content) => {
    if (id !== zip64Field) return;
    let at = 0;
    for (const key of ['size', 'storedSize', 'offset'] as const)
      if (entries[key][place] === elsewhere && at + 8 <= content.length) {
        entries[key][place] = Number(content.readBigUInt64LE(at));
        at += 8;
      }
  });
}

/** From where the zip says that the local header is to where it is, modulo 4 GiB if it is given in 32 bits. */
function toPlaceInFile({ offset }: Columns, place: number, shift: FoundDirectory['shift']): void {
  const stated = offset[place]!;
  const found = stated + shift;
  offset[place] = stated < wrap ? ((found % wrap) + wrap) % wrap : found;
}
