/** A CSV that can't be read. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
}

export interface RowOptions {
  /** One character; default: a comma. */
  delimiter?: string;
  /** Where to begin, and the 1-based line that is there; default: 0, 1. */
  start?: number;
  startLine?: number;
  /** Whether a line that begins with `#` is to be passed over; default: no. */
  isComment?(text: string, line: number): boolean;
}

const quote = 34;
const hash = 35;
const space = 32;
const tab = 9;
const carriageReturn = 13;
const lineFeed = 10;

/**
 * Calls `row` for each row of a CSV (RFC 4180: quoted fields may hold delimiters, line breaks and doubled quotes; lines
 * end with LF, CRLF or CR) with its fields and the 1-based line it begins in. Empty lines are passed over. Blanks and
 * tabs around a field are no part of it, unless they are quoted.
 */
export function forEachRow(
  text: string,
  row: (fields: string[], line: number) => void,
  { delimiter = ',', start = 0, startLine = 1, isComment }: RowOptions = {},
): void {
  const separator = delimiter.charCodeAt(0);
  const isBlank = (code: number) => (code === space || code === tab) && code !== separator;
  const pastBlanks = (at: number) => {
    let end = at;
    while (isBlank(text.charCodeAt(end))) end++;
    return end;
  };
  const pastLineEnd = (at: number) =>
    at + (text.charCodeAt(at) === carriageReturn && text.charCodeAt(at + 1) === lineFeed ? 2 : 1);
  let at = start;
  let line = startLine;
  while (at < text.length) {
    const firstLine = line;
    if (isComment && text.charCodeAt(at) === hash) {
      const end = endOfField(text, at, lineFeed);
      if (isComment(text.slice(at, end), line)) {
        at = pastLineEnd(end);
        line++;
        continue;
      }
    }
    const fields: string[] = [];
    for (;;) {
      at = pastBlanks(at);
      if (text.charCodeAt(at) === quote) {
        const end = endOfQuoted(text, at, firstLine);
        fields.push(text.slice(at + 1, end).replaceAll('""', '"'));
        line += lineBreaks(text, at, end);
        at = pastBlanks(end + 1);
      } else {
        const end = endOfField(text, at, separator);
        let last = end;
        while (last > at && isBlank(text.charCodeAt(last - 1))) last--;
        fields.push(text.slice(at, last));
        at = end;
      }
      if (text.charCodeAt(at) !== separator) break;
      at++;
    }
    if (at < text.length && endOfField(text, at, separator) !== at)
      throw new CsvError(`line ${line}: text after a closing quote`);
    at = pastLineEnd(at);
    line++;
    if (fields.length > 1 || fields[0] !== '') row(fields, firstLine);
  }
}

function endOfField(text: string, start: number, separator: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === separator || code === lineFeed || code === carriageReturn) break;
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

/** Line breaks within a quoted field: LF, CRLF and CR count one each. */
function lineBreaks(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === lineFeed || (code === carriageReturn && text.charCodeAt(at + 1) !== lineFeed)) count++;
  }
  return count;
}
