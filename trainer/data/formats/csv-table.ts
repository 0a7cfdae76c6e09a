import { CsvError, forEachRow } from './csv-rows.js';
import { decodeText } from './csv-text.js';

/** In the order in which they are tried. */
const delimiters = [',', ';', '\t', '|'] as const;

/** Lines that are looked at to find the delimiter, and how much of the text holds them. */
const lookedAt = 20;
const headLength = 65_536;

export interface TableReader {
  /** Names of columns that the header should have. */
  columns: readonly string[];
  /** The first call is for the header, comments before it passed over. */
  row(fields: string[], line: number): void;
  /** Whether a line that begins with `#`, below the header, is a comment; by default it is. */
  isComment?(text: string, line: number): boolean;
  /** What deserves a word about how the file is read. */
  remark?(message: string): void;
}

/**
 * Reads a table of whichever encoding and delimiter (comma, semicolon, tab, `|`, the one of a `sep=;` line). Throws a
 * CsvError.
 */
export function readTable(bytes: Uint8Array, { columns, row, isComment, remark }: TableReader): void {
  const decoded = decodeText(bytes);
  if (decoded.remark !== undefined) remark?.(decoded.remark);
  const text = decoded.text;
  const declared = /^"?sep=(.)"?(\r\n|\n|\r|$)/i.exec(text);
  const start = declared?.[0].length ?? 0;
  const delimiter = declared?.[1] ?? delimiterOf(text, columns);
  let hasHeader = false;
  forEachRow(
    text,
    (fields, line) => {
      // Programs for tables write their empty rows, too.
      if (fields.every(field => field === '')) return;
      if (!hasHeader) fields[0] = fields[0]!.replace(/^#\s*/, '');
      hasHeader = true;
      row(fields, line);
    },
    {
      delimiter,
      start,
      startLine: declared ? 2 : 1,
      isComment: (comment, line) =>
        hasHeader
          ? (isComment?.(comment, line) ?? true)
          : columns.length === 0 || !hasColumns(comment.replace(/^#\s*/, ''), delimiter, columns),
    },
  );
}

/** The one with which the header has the wanted columns; else with which the first lines have most fields, all alike. */
function delimiterOf(text: string, columns: readonly string[]): string {
  const lines = text
    .slice(0, headLength)
    .split(/\r\n|\n|\r/)
    .filter(line => line.trim() !== '')
    .slice(0, lookedAt + 1);
  // The last may be cut off.
  if (lines.length > 1 && text.length > headLength) lines.pop();
  const headers = lines.slice(0, 1 + lines.findIndex(line => !line.startsWith('#')) || undefined);
  const fitting = delimiters.find(
    delimiter =>
      columns.length > 0 && headers.some(line => hasColumns(line.replace(/^#\s*/, ''), delimiter, columns)),
  );
  if (fitting !== undefined) return fitting;
  const rows = lines.filter(line => !line.startsWith('#'));
  const widths = delimiters.map(delimiter => {
    const counts = rows.map(line => fieldsOf(line, delimiter).length);
    return counts.every(count => count === counts[0]) ? (counts[0] ?? 1) : 1;
  });
  const most = Math.max(...widths, 1);
  return most > 1 ? delimiters[widths.indexOf(most)]! : ',';
}

function hasColumns(line: string, delimiter: string, columns: readonly string[]): boolean {
  const header = fieldsOf(line, delimiter);
  return columns.every(column => findColumn(header, column) >= 0);
}

/** Fields of a line; none where its quotes say that it isn't one. */
function fieldsOf(line: string, delimiter: string): string[] {
  let found: string[] = [];
  try {
    forEachRow(
      line,
      fields => {
        found = fields;
      },
      { delimiter },
    );
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
  }
  return found;
}

/** Place of a column: the one that is called so, else the only one that is but for case and blanks; else -1. */
export function findColumn(header: readonly string[], name: string): number {
  const exact = header.indexOf(name);
  if (exact >= 0) return exact;
  const plain = (text: string) => text.normalize('NFKC').trim().toLowerCase();
  const alike = header.flatMap((column, index) => (plain(column) === plain(name) ? [index] : []));
  return alike.length === 1 ? alike[0]! : -1;
}
