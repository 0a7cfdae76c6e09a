import { identify, identifyingBytes } from './identify.js';
import { readFully } from './read-fully.js';

const endRecordSize = 22;
const longestComment = 0xffff;
const endSignature = Buffer.from('PK\x05\x06', 'latin1');
const zip64RecordSize = 56;
const zip64RecordSignature = 0x06064b50;
const zip64LocatorSize = 20;
const zip64LocatorSignature = 0x07064b50;
const entrySignature = 0x02014b50;

/** The central directory of a zip: bytes [start, end) of the file. */
export interface FoundDirectory {
  start: number;
  end: number;
  /** As the zip says; what follows it up to `end` may be something else. */
  statedLength: number;
  /** To be added to the places that the zip names: what stands in front of it, or what it left out modulo 4 GiB. */
  shift: number;
  /** Number of members as the zip says; not to be trusted. */
  statedMembers: number;
}

/** What an end record says. */
interface Summary {
  /** Where the record, and so the directory before it, ends. */
  end: number;
  disk: number;
  members: number;
  length: number;
  start: number;
}

/**
 * Finds the directory by the record at the end of the zip: it lies right before it, whatever the record says of its place. A
 * comment, or bytes that don't belong to the zip, may follow. Throws an Error where there is none.
 */
export function findDirectory(fd: number, fileSize: number): FoundDirectory {
  const tailStart = Math.max(0, fileSize - endRecordSize - longestComment - zip64LocatorSize);
  const tail = readFully(fd, tailStart, fileSize - tailStart);
  let isEnded = false;
  for (let at = tail.lastIndexOf(endSignature); at >= 0; at = before(tail, at)) {
    if (at + endRecordSize > tail.length) continue;
    isEnded = true;
    // A comment may hold the signature: only a record that a directory goes with is one.
    const summary = readZip64(fd, fileSize, tail, at) ?? readSummary(tail, at, tailStart + at);
    const start = directoryStart(fd, summary);
    if (start === undefined) continue;
    if (summary.disk !== 0)
      throw new Error(
        'the last part of a zip in several parts: join them first (zip -s 0 parts.zip --out whole.zip)',
      );
    const { end, length: statedLength, members: statedMembers } = summary;
    return { start, end, statedLength, shift: start - summary.start, statedMembers };
  }
  const what = identify(readFully(fd, 0, Math.min(identifyingBytes, fileSize)));
  throw new Error(
    isEnded
      ? 'the zip is cut off or damaged: its directory lies outside'
      : what === 'a zip'
        ? 'the zip is cut off: its directory is missing'
        : `not a zip, or cut off: its directory is missing (it is ${what})`,
  );
}

const before = (tail: Buffer, at: number) => (at === 0 ? -1 : tail.lastIndexOf(endSignature, at - 1));

function readSummary(tail: Buffer, at: number, end: number): Summary {
  return {
    end,
    disk: tail.readUInt16LE(at + 4),
    members: tail.readUInt16LE(at + 10),
    length: tail.readUInt32LE(at + 12),
    start: tail.readUInt32LE(at + 16),
  };
}

/** The zip64 record, if a locator before the end record at `at` leads to one: as it says, or right before itself. */
function readZip64(fd: number, fileSize: number, tail: Buffer, at: number): Summary | undefined {
  const locator = at - zip64LocatorSize;
  if (locator < 0 || tail.readUInt32LE(locator) !== zip64LocatorSignature) return undefined;
  const stated = Number(tail.readBigUInt64LE(locator + 8));
  const adjacent = fileSize - tail.length + locator - zip64RecordSize;
  for (const end of [stated, adjacent]) {
    if (end < 0 || end + zip64RecordSize > fileSize) continue;
    const record = readFully(fd, end, zip64RecordSize);
    if (record.readUInt32LE(0) !== zip64RecordSignature) continue;
    return {
      end,
      disk: record.readUInt32LE(16),
      members: Number(record.readBigUInt64LE(32)),
      length: Number(record.readBigUInt64LE(40)),
      start: Number(record.readBigUInt64LE(48)),
    };
  }
  return undefined;
}

/** Right before its end; or, where that is no directory, where the summary says. */
function directoryStart(fd: number, { end, length, start, members }: Summary): number | undefined {
  if (length === 0 && members === 0) return end;
  return [end - length, start].find(
    at =>
      at >= 0 && at + length <= end && length >= 4 && readFully(fd, at, 4).readUInt32LE(0) === entrySignature,
  );
}
