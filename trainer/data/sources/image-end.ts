/** Whether image files have their end: decoders fill up what was cut off in grey without a word. */
import { kindOfImage } from './image-header.js';

/** Whether the file, a JPEG, PNG or WebP, has its end. What follows it (a motion photo's video) doesn't count. */
export function isComplete(file: Uint8Array): boolean {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  switch (kindOfImage(file)) {
    case 'PNG':
      return pngEnds(bytes);
    case 'WebP':
      return bytes.readUInt32LE(4) + 8 <= bytes.length;
    default:
      return jpegEnds(bytes);
  }
}

function pngEnds(bytes: Buffer): boolean {
  let at = 8;
  while (at + 12 <= bytes.length) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IEND') return true;
    at += 12 + bytes.readUInt32BE(at);
  }
  return false;
}

const isParameterless = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
/** Of what may stand between scans: tables, comments, application data, the next scan. */
const hasLength = (marker: number) =>
  marker === 0xc4 || (marker >= 0xda && marker <= 0xef) || marker === 0xcc || marker === 0xfe;
const startOfScan = 0xda;
const endOfImage = 0xd9;

/**
 * Walks the segments and, behind each start of a scan, its data up to the next marker (ITU T.81, B.1.1): an end of image
 * in a thumbnail or in what follows the image is none of this image's.
 */
function jpegEnds(bytes: Buffer): boolean {
  let at = 2;
  let inScan = false;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) return false;
    const marker = bytes[at + 1]!;
    if (marker === endOfImage && inScan) return true;
    if (marker === 0xff) at++;
    else if (marker === 0 || isParameterless(marker) || at + 4 > bytes.length) at += 2;
    else if (!inScan || hasLength(marker)) {
      inScan ||= marker === startOfScan;
      at += 2 + bytes.readUInt16BE(at + 2);
    } else at += 2;
  }
}
