/** Bytes → text, with what they are instead where they aren't UTF-8. */

/** A byte that is no part of UTF-8 text; without a place where the whole file is something else. */
export interface NotText {
  line: number;
  column: number;
  message: string;
}

/** @returns text without a byte order mark, or why it is none */
export function decodeText(bytes: Uint8Array): string | NotText {
  const wide = wideEncoding(bytes);
  if (wide !== undefined)
    return {
      line: 1,
      column: 1,
      message: `is not UTF-8 text but ${wide}, as Windows’ Notepad ("Unicode") and PowerShell (">") write it; save the file as UTF-8`,
    };
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return firstBadByte(bytes);
  }
}

/** By the byte order mark, or by the zeros that Latin letters have in wider units. */
function wideEncoding(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'UTF-32' : 'UTF-16';
  if (a === 0xfe && b === 0xff) return 'UTF-16';
  const start = bytes.subarray(0, 1024);
  const zerosAt = (offset: number) => start.filter((byte, i) => i % 2 === offset && byte === 0).length;
  const half = start.length / 2;
  if (half >= 2 && Math.max(zerosAt(0), zerosAt(1)) > 0.7 * half) {
    const both = zerosAt(0) > 0.4 * half && zerosAt(1) > 0.4 * half;
    return both ? 'UTF-32' : 'UTF-16';
  }
  return undefined;
}

function firstBadByte(bytes: Uint8Array): NotText {
  const isText = (length: number) => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isText(middle)) good = middle;
    else bad = middle;
  }
  const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, good), {
    stream: true,
  });
  const rows = before.replace('\ufeff', '').split(/\r\n?|\n/);
  const byte = bytes[Buffer.byteLength(before)]!;
  const read = new TextDecoder('windows-1252').decode(Uint8Array.of(byte));
  return {
    line: rows.length,
    column: rows.at(-1)!.length + 1,
    message: `is not UTF-8 text: the byte 0x${byte.toString(16).toUpperCase()} here is "${read}" in Windows-1252 (Latin-1); save the file as UTF-8`,
  };
}
