import { ImageError, type ImageSize } from './image-source.js';

/** Larger ones are taken for decompression bombs. */
const maximumPixels = 100_000_000;

/**
 * Size of a JPEG or PNG from its header; undefined where `head` ends before it. Throws an ImageError for anything
 * else and for images of more than 100 megapixels.
 */
export function sizeFromHeader(head: Uint8Array): ImageSize | undefined {
  const size = isPng(head) ? pngSize(head) : isJpeg(head) ? jpegSize(head) : notAnImage(head);
  if (size && size.height * size.width > maximumPixels)
    throw new ImageError(`${size.height}×${size.width} pixels are more than 100 megapixels`);
  return size;
}

/** Whether the file has its end: decoders fill up a JPEG that was cut off in grey without a word. */
export function isComplete(file: Uint8Array): boolean {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (isPng(file)) return bytes.lastIndexOf('IEND') > 0;
  return bytes.lastIndexOf(endOfImage) > bytes.lastIndexOf(startOfScan);
}

const startOfScan = Buffer.of(0xff, 0xda);
const endOfImage = Buffer.of(0xff, 0xd9);
const isJpeg = (b: Uint8Array) => b[0] === 0xff && b[1] === 0xd8 && b[2] === 0xff;
const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const isPng = (b: Uint8Array) => pngSignature.equals(b.subarray(0, 8));

function notAnImage(head: Uint8Array): never {
  if (head.length === 0) throw new ImageError('the file is empty');
  throw new ImageError('neither a JPEG nor a PNG');
}

function pngSize(head: Uint8Array): ImageSize | undefined {
  if (head.length < 24) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** Walks the segments up to the frame header (ITU T.81, B.2.2). */
function jpegSize(head: Uint8Array): ImageSize | undefined {
  let at = 2;
  while (at + 9 <= head.length) {
    if (head[at] !== 0xff) throw new ImageError(`damaged JPEG: no marker at byte ${at}`);
    const marker = head[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (frame)
      return { height: (head[at + 5]! << 8) | head[at + 6]!, width: (head[at + 7]! << 8) | head[at + 8]! };
    if (marker === 0xda || marker === 0xd9) throw new ImageError('damaged JPEG: no frame header');
    at += 2 + ((head[at + 2]! << 8) | head[at + 3]!);
  }
  return undefined;
}

/** Size of a whole file. Throws an ImageError if it ends before its header does. */
export function sizeOfFile(file: Uint8Array): ImageSize {
  const size = sizeFromHeader(file);
  if (!size) throw new ImageError('the file ends inside its header');
  return size;
}
