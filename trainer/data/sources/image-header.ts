import { imageKinds } from '../../contract/image-files.js';
import { identify } from './identify.js';
import { ImageError, type ImageSize } from './image-source.js';

/** Larger ones are taken for decompression bombs. */
const maximumPixels = 100_000_000;

/** The kinds that are read. */
type ImageKind = 'JPEG' | 'PNG' | 'WebP';

/** By its first bytes. Throws an ImageError that says what else it is. */
export function kindOfImage(head: Uint8Array): ImageKind {
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'JPEG';
  if (pngSignature.equals(head.subarray(0, 8))) return 'PNG';
  if (latin1(head, 0, 4) === 'RIFF' && latin1(head, 8, 12) === 'WEBP') return 'WebP';
  throw new ImageError(
    head.length === 0 ? 'the file is empty' : `is ${identify(head)}, expected a ${imageKinds}`,
  );
}

const sizeOf = { JPEG: jpegSize, PNG: pngSize, WebP: webpSize } satisfies Record<
  ImageKind,
  (head: Uint8Array) => ImageSize | undefined
>;

/**
 * Size of an image from its header; undefined where `head` ends before it. Throws an ImageError for what is no image,
 * and for images of no pixels or of more than 100 megapixels.
 */
export function sizeFromHeader(head: Uint8Array): ImageSize | undefined {
  const size = sizeOf[kindOfImage(head)](head);
  if (size && size.height * size.width > maximumPixels)
    throw new ImageError(`${size.height}×${size.width} pixels are more than 100 megapixels`);
  if (size && size.height * size.width === 0)
    throw new ImageError(`damaged: ${size.height}×${size.width} pixels`);
  return size;
}

const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const latin1 = (bytes: Uint8Array, start: number, end: number) =>
  String.fromCharCode(...bytes.subarray(start, end));

function pngSize(head: Uint8Array): ImageSize | undefined {
  if (head.length < 24) return undefined;
  const view = viewOf(head);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** Of the canvas, the lossless or the lossy image, whichever comes first (RFC 9649). */
function webpSize(head: Uint8Array): ImageSize | undefined {
  if (head.length < 30) return undefined;
  const view = viewOf(head);
  const three = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  switch (latin1(head, 12, 16)) {
    case 'VP8X':
      return { width: three(24) + 1, height: three(27) + 1 };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    default:
      throw new ImageError('damaged WebP: no image in it');
  }
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
