/** Compression methods of APPNOTE.TXT 6.3.10, section 4.4.5. */
const methods: Readonly<Record<number, string>> = {
  0: 'nothing (stored)',
  1: 'shrink',
  2: 'reduce',
  3: 'reduce',
  4: 'reduce',
  5: 'reduce',
  6: 'implode',
  8: 'deflate',
  9: 'deflate64',
  10: 'DCL implode',
  12: 'bzip2',
  14: 'LZMA',
  16: 'CMPSC',
  18: 'TERSE',
  19: 'LZ77',
  20: 'Zstandard',
  93: 'Zstandard',
  94: 'MP3',
  95: 'XZ',
  96: 'JPEG recompression',
  97: 'WavPack',
  98: 'PPMd',
  99: 'AES encryption',
};

/** What a member of a zip is packed by, by the method's number. */
export function nameOfMethod(method: number): string {
  const name = methods[method];
  return name === undefined ? `an unknown method, number ${method},` : `${name} (method ${method})`;
}
