/** A CSV that can't be read. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
}

const comma = 44;
const quote = 34;
const carriageReturn = 13;
const lineFeed = 10;

/** Text of a UTF-8 file, without its byte-order mark. Throws a CsvError for any other encoding. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CsvError('not UTF-8 text', { cause });
  }
}

/**
 * Calls `row` for each row of a CSV (RFC 4180: quoted fields may hold commas, line breaks and doubled quotes; lines
 * end with LF, CRLF or CR) with its fields and the 1-based line it begins in. Empty lines are passed over.
 */
export function forEachRow(text: string, row: (fields: string[], line: number) => void): void {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const startLine = line;
    const fields: string[] = [];
    for (;;) {
      let field: string;
      if (text.charCodeAt(at) === quote) {
        const end = endOfQuoted(text, at, startLine);
        field = text.slice(at + 1, end).replaceAll('""', '"');
        for (let i = at; i < end; i++) if (text.charCodeAt(i) === lineFeed) line++;
        at = end + 1;
      } else {
        const end = endOfField(text, at);
        field = text.slice(at, end);
        at = end;
      }
      fields.push(field);
      if (text.charCodeAt(at) !== comma) break;
      at++;
    }
    if (at < text.length && endOfField(text, at) !== at)
      throw new CsvError(`line ${line}: text after a closing quote`);
    at += text.charCodeAt(at) === carriageReturn && text.charCodeAt(at + 1) === lineFeed ? 2 : 1;
    line++;
    if (fields.length > 1 || fields[0] !== '') row(fields, startLine);
  }
}

function endOfField(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === comma || code === lineFeed || code === carriageReturn) break;
  }
  return at;
}

function endOfQuoted(text: string, start: number, line: number): number {
  let end = start;
  do {
    end = text.indexOf('"', end + 1);
    if (end < 0) throw new CsvError(`line ${line}: a quoted field has no end`);
  } while (text.charCodeAt(end + 1) === quote && end++ >= 0);
  return end;
}
