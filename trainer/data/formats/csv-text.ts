import { CsvError } from './csv-rows.js';

/** Text of a table, and what deserves a word about how it was read. */
export interface DecodedText {
  text: string;
  remark?: string;
}

const signatures: readonly [bytes: string, what: string][] = [
  ['504b0304', 'a zip or an Excel workbook, not text: save the table as CSV (UTF-8)'],
  ['d0cf11e0', 'an Excel workbook, not text: save the table as CSV (UTF-8)'],
  ['1f8b', 'gzipped: unpack it'],
];

/**
 * Text of a file in UTF-8, in UTF-16 (told by its byte-order mark or by its NULs) or else in Windows-1252, of which Latin-1
 * is a part, and which programs for tables write in Western Europe. Throws a CsvError that names the cause for anything
 * that is not surely one of them.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const head = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  const signature = signatures.find(([start]) => head.startsWith(start));
  if (signature) throw new CsvError(`is ${signature[1]}`);
  const wide = head.startsWith('fffe') || head.startsWith('feff') ? head.slice(0, 4) : wideByZeros(bytes);
  const decoded = wide === undefined ? decodeBytes(bytes) : decodeWide(bytes, wide);
  const zero = decoded.text.indexOf('\0');
  if (zero >= 0)
    throw new CsvError(`line ${lineAt(decoded.text, zero)}: a NUL (U+0000): damaged, or no text`);
  return decoded;
}

/** Of UTF-16 without its mark: every other byte of what is mostly ASCII is 0. */
function wideByZeros(bytes: Uint8Array): 'fffe' | 'feff' | undefined {
  const head = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  head.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2]!++;
  });
  const [even, odd] = zeros as [number, number];
  const many = head.length / 5;
  if (odd > many && even < odd / 10) return 'fffe';
  return even > many && odd < even / 10 ? 'feff' : undefined;
}

function decodeWide(bytes: Uint8Array, mark: string): DecodedText {
  try {
    return {
      text: new TextDecoder(mark === 'fffe' ? 'utf-16le' : 'utf-16be', { fatal: true }).decode(bytes),
    };
  } catch (cause) {
    throw new CsvError('looks like UTF-16 but is damaged or cut off; save it as UTF-8', { cause });
  }
}

function decodeBytes(bytes: Uint8Array): DecodedText {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (cause) {
    const attempt = new TextDecoder('utf-8').decode(bytes);
    const line = lineAt(attempt, attempt.indexOf('\uFFFD'));
    if (/[^\0-\x7f\uFFFD]/.test(attempt))
      throw new CsvError(
        `line ${line}: not UTF-8, though other lines are: damaged, or joined from two files`,
        {
          cause,
        },
      );
    const text = new TextDecoder('windows-1252').decode(bytes);
    // Western words have one or two such letters together; more are another alphabet.
    if (/[\x80-\x9f]|[^\0-\x7f]{3}/.test(text))
      throw new CsvError(
        `line ${line}: not UTF-8 text, and not Windows-1252 (Latin-1) by its looks; save it as UTF-8`,
        { cause },
      );
    const word = /\p{L}*[^\0-\x7f]\p{L}*/u.exec(text)![0];
    return {
      text,
      remark: `not UTF-8: read as Windows-1252 (Latin-1), “${word}” in line ${line}; save it as UTF-8 if that is wrong`,
    };
  }
}

const lineAt = (text: string, place: number): number => text.slice(0, place).split(/\r\n|\n|\r/).length;
