import { crc32 } from 'node:zlib';

/** Bit 11 of a member's flags: its name is UTF-8. */
const utf8Flag = 0x800;
const unicodePathField = 0x7075;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The upper half of code page 437, the encoding of names that have no flag (APPNOTE.TXT, appendix D). */
const codePage437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/**
 * The name of a member, without `./` or `/` in front, with `/` between folders (some writers use `\`). Without the flag
 * for UTF-8 it is the Unicode path of the `extra` fields, or UTF-8 nevertheless (Finder, Unix), or code page 437.
 */
export function decodeName(bytes: Buffer, flags: number, extra: Buffer): string {
  const name = isAscii(bytes)
    ? bytes.toString('latin1')
    : (((flags & utf8Flag) === 0 ? unicodePath(bytes, extra) : undefined) ??
      decodeUtf8(bytes) ??
      decode437(bytes));
  const slashed = name.includes('\\') ? name.replaceAll('\\', '/') : name;
  return slashed.startsWith('.') || slashed.startsWith('/') ? slashed.replace(/^(\.?\/)+/, '') : slashed;
}

/** Calls `visit` with the content of each extra field that is whole. */
export function forEachField(extra: Buffer, visit: (id: number, content: Buffer) => void): void {
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) return;
    visit(extra.readUInt16LE(at), extra.subarray(at + 4, end));
    at = end;
  }
}

/** Info-ZIP's Unicode path extra field: version 1, the CRC of the name that it belongs to, the name. */
function unicodePath(name: Buffer, extra: Buffer): string | undefined {
  let found: string | undefined;
  forEachField(extra, (id, content) => {
    if (id === unicodePathField && content.length > 5 && content[0] === 1)
      if (content.readUInt32LE(1) === crc32(name)) found = decodeUtf8(content.subarray(5));
  });
  return found;
}

function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function decode437(bytes: Buffer): string {
  return Array.from(bytes, byte => (byte < 0x80 ? String.fromCharCode(byte) : codePage437[byte - 0x80])).join(
    '',
  );
}

function isAscii(bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! >= 0x80) return false;
  return true;
}
