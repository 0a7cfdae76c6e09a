import { imageExtension, imageKinds } from '../../contract/image-files.js';

/** Stored pixels or an image file. */
export type StoredImage =
  | { kind: 'file'; bytes: Uint8Array }
  | { kind: 'pixels'; height: number; width: number; channels: number; pixels: Uint8Array };

/** Height and width of a stored image. */
export interface ImageSize {
  height: number;
  width: number;
}

/**
 * Where images are stored: a folder, a zip, an IDX file. Images are known by their number. Methods throw an
 * ImageError for an image that can't be read.
 */
export interface ImageSource {
  /** Names of the images, relative, with `/`. */
  readonly names: readonly string[];
  /** Identity of the content: CRC-32 and length of the stored bytes, the same in a folder and in a zip. */
  content(image: number): string;
  read(image: number): StoredImage;
  /** From the header alone where possible. */
  size(image: number): ImageSize;
  /** What `openSource` needs to open it in another thread. */
  describe(): SourceDescription;
  close(): void;
}

export type SourceDescription =
  | { kind: 'folder'; root: string; names: readonly string[] }
  | ({ kind: 'zip'; path: string } & ZipEntries)
  | { kind: 'idx'; parts: readonly { path: string; name: string }[] };

/** Images of a zip, a column a field. */
export interface ZipEntries {
  names: readonly string[];
  /** Where the local header begins. */
  offset: Float64Array;
  storedSize: Float64Array;
  size: Float64Array;
  crc: Uint32Array;
  /** 0: stored, 8: deflated. */
  method: Uint16Array;
}

/** One image can't be read or decoded. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

/** No image of so many pixels as are allowed takes more. */
const largestFile = 2 ** 29;

/** Throws an ImageError for a file that is too large to be an image. */
export function checkFileSize(bytes: number): void {
  if (bytes > largestFile)
    throw new ImageError(`${Math.round(bytes / 2 ** 20)} MiB are too many for an image (at most 512 MiB)`);
}

/** What a file is told that is left out for its name. */
export const notAnImageByName = `no ${imageKinds} by its name, left out`;

const hidden = /(^|\/)(\.|__MACOSX\/|Thumbs\.db$)/;

/** By its name: an image, a file to be passed over quietly, or one that deserves a word. */
export function kindOfFile(name: string): 'image' | 'hidden' | 'other' {
  if (hidden.test(name)) return 'hidden';
  return imageExtension.test(name) ? 'image' : 'other';
}
