/** What files are that are no images, or images of a kind that isn't read: to say so. */

/** [what it is, how it begins as Latin-1, at which byte] */
const signatures: readonly (readonly [what: string, begins: string, at?: number])[] = [
  ['a GIF image', 'GIF8'],
  ['a TIFF image', 'II*\0'],
  ['a TIFF image', 'MM\0*'],
  ['a JPEG XL image', '\xff\x0a'],
  ['a JPEG XL image', '\0\0\0\x0cJXL '],
  ['a JPEG 2000 image', '\0\0\0\x0cjP  '],
  ['a JPEG 2000 image', '\xff\x4f\xff\x51'],
  ['an AVIF image', 'ftypavi', 4],
  ['a HEIC image', 'ftyphei', 4],
  ['a HEIC image', 'ftyphev', 4],
  ['a HEIC image', 'ftypmif1', 4],
  ['a HEIC image', 'ftypmsf1', 4],
  ['a video', 'ftyp', 4],
  ['a video', '\x1a\x45\xdf\xa3'],
  ['a Photoshop file', '8BPS'],
  ['an icon', '\0\0\x01\0'],
  ['an OpenEXR image', '\x76\x2f\x31\x01'],
  ['a NumPy array', '\x93NUMPY'],
  ['an HDF5 file', '\x89HDF'],
  ['a PDF', '%PDF'],
  ['a zip', 'PK\x03\x04'],
  ['a RAR archive', 'Rar!'],
  ['a 7z archive', '7z\xbc\xaf\x27\x1c'],
  ['a tar archive', 'ustar', 257],
  ['gzipped', '\x1f\x8b'],
  ['compressed by bzip2', 'BZh'],
  ['compressed by xz', '\xfd7zXZ'],
  ['compressed by Zstandard', '\x28\xb5\x2f\xfd'],
  ['a resource fork of macOS', '\0\x05\x16\x07'],
];

const lfsPointer = 'version https://git-lfs.github.com/spec/';
/** So many bytes are enough for `identify`. */
export const identifyingBytes = 512;

/** What a file is by its first bytes, for a message: `a GIF image`, `text (“Not found”)`. */
export function identify(file: Uint8Array): string {
  if (file.length === 0) return 'empty';
  const head = Buffer.from(file.buffer, file.byteOffset, Math.min(identifyingBytes, file.byteLength));
  const latin1 = head.toString('latin1');
  // Two letters alone may begin a text.
  if (latin1.startsWith('BM') && latin1.startsWith('\0\0\0\0', 6)) return 'a BMP image';
  const known = signatures.find(([, begins, at = 0]) => latin1.startsWith(begins, at));
  if (known) return known[0];
  if (head.every(byte => byte === 0)) return 'all zeros (a download or copy that was never filled?)';
  const text = textOf(head);
  if (text !== undefined) return kindOfText(text);
  return `of a kind that isn’t known (its first bytes: ${head.toString('hex', 0, 8).replace(/..(?=.)/g, '$& ')})`;
}

function kindOfText(text: string): string {
  const start = text.trimStart();
  if (start.startsWith(lfsPointer)) return 'a Git LFS pointer (`git lfs pull` gets the file)';
  if (/^<(!doctype html|html|head|body|script)/i.test(start)) return 'an HTML page';
  if (/^(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg/is.test(start))
    return 'an SVG drawing';
  const line = start.split(/[\r\n]/, 1)[0]!;
  return line === '' ? 'blanks alone' : `text (“${line.length > 40 ? `${line.slice(0, 40)}…` : line}”)`;
}

/** UTF-8 without control characters; a character that is cut at the end is left out. */
function textOf(head: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, {
      stream: head.length === identifyingBytes,
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what tells text from other bytes.
    return /[\0-\x08\x0e-\x1f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
