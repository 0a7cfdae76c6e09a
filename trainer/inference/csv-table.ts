/** A CSV whose fields are known as they are written, so that a table like it can be written. */

interface Field {
  /** With its quotes. */
  raw: string;
  value: string;
}

export interface CsvTable {
  /** What stands before the header: a byte-order mark, `sep=;`. */
  start: string;
  delimiter: string;
  lineEnd: string;
  /** The last row has a line end, too. */
  endsWithLine: boolean;
  /** The header first; empty lines are passed over. */
  rows: { fields: Field[]; line: number }[];
}

const delimiters = [',', '\t', ';', '|'];

/** Throws on a file that is no UTF-8 text, and on quotes without an end. */
export function readCsvTable(bytes: Uint8Array): CsvTable {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Error('not UTF-8 text; save it as UTF-8', { cause });
  }
  const [start, declared] = /^\uFEFF?(?:sep=(.)\r?\n)?/i.exec(text)!;
  const body = text.slice(start.length);
  const delimiter = declared ?? likelyDelimiter(body);
  return {
    start,
    delimiter,
    lineEnd: /\r\n|\n|\r/.exec(body)?.[0] ?? '\n',
    endsWithLine: /[\r\n]$/.test(body),
    rows: rowsOf(body, delimiter),
  };
}

/** The one that separates most fields of the first line. */
function likelyDelimiter(text: string): string {
  const [line] = /^[^\r\n]*/.exec(text.replace(/"(?:[^"]|"")*"/g, ''))!;
  const count = (delimiter: string) => line.split(delimiter).length;
  return delimiters.reduce((best, other) => (count(other) > count(best) ? other : best));
}

function rowsOf(text: string, delimiter: string): CsvTable['rows'] {
  const escaped = delimiter.replace(/[|\\^$.*+?()[\]{}]/g, '\\$&');
  const token = new RegExp(
    `("(?:[^"]|"")*"|[^"\\r\\n${escaped}][^\\r\\n${escaped}]*|)(${escaped}|\\r\\n|\\n|\\r|$)`,
    'y',
  );
  const rows: CsvTable['rows'] = [];
  let fields: Field[] = [];
  let line = 1;
  let firstLine = 1;
  while (token.lastIndex < text.length || fields.length > 0) {
    const found = token.exec(text);
    if (found === null) throw new Error(`line ${line}: a quoted field has no end, or text behind it`);
    const [, raw, end] = found as unknown as [string, string, string];
    fields.push({ raw, value: raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw.trim() });
    line += raw.split(/\r\n|\n|\r/).length - 1;
    if (end === delimiter) continue;
    if (fields.length > 1 || fields[0]!.raw !== '') rows.push({ fields, line: firstLine });
    fields = [];
    line++;
    firstLine = line;
  }
  return rows;
}
