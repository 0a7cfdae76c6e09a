import type { ZipEntries } from './image-source.js';
import { readFully } from './read-fully.js';

/** Fixed part of a member's entry. */
const entrySize = 46;
const endRecordSize = 22;
const longestComment = 0xffff;

/** What decides whether a member is wanted. */
export interface ZipMember {
  name: string;
  /** 0: stored, 8: deflated. */
  method: number;
  isEncrypted: boolean;
}

/**
 * Reads the central directory of a zip (APPNOTE.TXT 6.3.10, with zip64) and returns the members that `accept` wants,
 * folders left out. It is read in one piece and into columns: 100,000 members take 0.1 s, where a reader that
 * fetches one member at a time needs seconds. `fd` is the open file of `fileSize` bytes. Throws an Error that says
 * what is damaged.
 */
export function readZipDirectory(
  fd: number,
  fileSize: number,
  accept: (member: ZipMember) => boolean,
): ZipEntries {
  const { count, start, length } = findDirectory(fd, fileSize);
  const bytes = readFully(fd, start, length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const entries = emptyEntries(Math.min(count, Math.floor(length / entrySize)));
  const names: string[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + entrySize > length || view.getUint32(at, true) !== 0x02014b50)
      throw new Error(`the zip's directory is damaged at its entry ${i + 1} of ${count}`);
    const nameEnd = at + entrySize + view.getUint16(at + 28, true);
    const end = nameEnd + view.getUint16(at + 30, true);
    const name = decodeName(bytes, at + entrySize, nameEnd);
    const method = view.getUint16(at + 10, true);
    const isEncrypted = (view.getUint16(at + 8, true) & 1) === 1;
    if (!name.endsWith('/') && accept({ name, method, isEncrypted })) {
      const place = names.push(name) - 1;
      entries.method[place] = method;
      entries.crc[place] = view.getUint32(at + 16, true);
      entries.storedSize[place] = view.getUint32(at + 20, true);
      entries.size[place] = view.getUint32(at + 24, true);
      entries.offset[place] = view.getUint32(at + 42, true);
      if (end > nameEnd) readZip64Fields(entries, place, bytes.subarray(nameEnd, end));
    }
    at = end + view.getUint16(at + 32, true);
  }
  return { ...entries, names };
}

function emptyEntries(capacity: number): Omit<ZipEntries, 'names'> {
  return {
    offset: new Float64Array(capacity),
    storedSize: new Float64Array(capacity),
    size: new Float64Array(capacity),
    crc: new Uint32Array(capacity),
    method: new Uint16Array(capacity),
  };
}

function findDirectory(fd: number, fileSize: number): { count: number; start: number; length: number } {
  const tailStart = Math.max(0, fileSize - endRecordSize - longestComment);
  const tail = readFully(fd, tailStart, fileSize - tailStart);
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || end + endRecordSize > tail.length)
    throw new Error('not a zip, or cut off: its directory is missing');
  let count = tail.readUInt16LE(end + 10);
  let length = tail.readUInt32LE(end + 12);
  let start = tail.readUInt32LE(end + 16);
  if (count === 0xffff || length === 0xffffffff || start === 0xffffffff) {
    const locator = end - 20;
    if (locator >= 0 && tail.readUInt32LE(locator) === 0x07064b50) {
      const record = readFully(fd, Number(tail.readBigUInt64LE(locator + 8)), 56);
      count = Number(record.readBigUInt64LE(32));
      length = Number(record.readBigUInt64LE(40));
      start = Number(record.readBigUInt64LE(48));
    }
  }
  if (start + length > fileSize) throw new Error('the zip is cut off or damaged: its directory lies outside');
  return { count, start, length };
}

/** Sizes and offset that don't fit 32 bits stand in extra field 1, in this order. */
function readZip64Fields(entries: Omit<ZipEntries, 'names'>, place: number, extra: Buffer): void {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let field = at + 4;
    for (const key of ['size', 'storedSize', 'offset'] as const)
      if (entries[key][place] === 0xffffffff) {
        entries[key][place] = Number(extra.readBigUInt64LE(field));
        field += 8;
      }
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Nearly all writers use UTF-8, whether they set its flag or not; some write `\\` between folders. */
function decodeName(directory: Buffer, start: number, end: number): string {
  let isAscii = true;
  for (let i = start; i < end && isAscii; i++) isAscii = directory[i]! < 0x80;
  const name = isAscii
    ? directory.toString('latin1', start, end)
    : decodeUtf8(directory.subarray(start, end));
  return name.includes('\\') ? name.replaceAll('\\', '/') : name;
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
