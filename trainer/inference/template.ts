/** A sample submission: which images it names, and what its columns are to be filled with. */
import type { SubmissionTemplate } from '../contract/inference.js';
import { type CsvTable, readCsvTable } from './csv-table.js';
import { RequestError } from './request-error.js';
import { fillingColumns } from './template-columns.js';
import { listSome, type TemplateContext } from './template-context.js';

/** Throws a RequestError, which names `path`, for everything that is missing, surplus, double or doubtful. */
export function readTemplate(
  path: string,
  bytes: Uint8Array,
  context: TemplateContext,
): { template: SubmissionTemplate; ids: string[]; numbers: number[] } {
  const fail = (message: string, cause?: unknown) =>
    new RequestError(`--sample ${path}: ${message}`, { cause });
  let table: CsvTable;
  try {
    table = readCsvTable(bytes);
  } catch (cause) {
    throw fail((cause as Error).message, cause);
  }
  const [first, ...body] = table.rows;
  const header = first?.fields ?? [];
  if (header.length < 2) throw fail('expected a header with an id and at least one more column');
  if (body.length === 0) throw fail('there are no rows below its header');
  const odd = body.filter(({ fields }) => fields.length !== header.length);
  if (odd.length > 0)
    throw fail(
      `${odd.length} rows have another number of fields than the ${header.length} of the header: ${listSome(odd.map(({ fields, line }) => `line ${line} (${fields.length})`))}`,
    );
  const columns = header.map(({ value }, column) => ({
    name: value,
    values: body.map(({ fields }) => fields[column]!.value),
  }));
  const { id, filled } = fillingColumns(columns, context, fail);
  const ids = columns[id]!.values;
  const numbers = numbersOf(ids, body, context, fail);
  if (context.find(header[id]!.value) !== undefined)
    throw fail(`it has no header: its first line is ${header.map(({ value }) => value).join(', ')}`);
  const { start, delimiter, lineEnd, endsWithLine } = table;
  const template: SubmissionTemplate = {
    ...{ start, delimiter, lineEnd, endsWithLine, idColumn: header[id]!.value },
    header: header.map(({ raw }) => raw),
    columns: header.map((_, column) => {
      const fill = filled.get(column);
      if (fill === undefined) return { kept: body.map(({ fields }) => fields[column]!.raw) };
      return { fill, quoted: body.every(({ fields }) => fields[column]!.raw.startsWith('"')) };
    }),
  };
  return { template, ids, numbers };
}

function numbersOf(
  ids: readonly string[],
  rows: CsvTable['rows'],
  { find, names, images }: TemplateContext,
  fail: (message: string) => Error,
): number[] {
  const missing = ids.filter(id => find(id) === undefined);
  if (missing.length > 0)
    throw fail(
      `${missing.length} of ${ids.length} ids have no image in ${images}: ${listSome(missing)}; images there: ${listSome(names)}`,
    );
  const numbers = ids.map(id => find(id)!);
  const firstRow = new Map<number, number>();
  const double = numbers.flatMap((number, row) => {
    const before = firstRow.get(number);
    if (before === undefined) firstRow.set(number, row);
    return before === undefined ? [] : [`${ids[row]} (lines ${rows[before]!.line} and ${rows[row]!.line})`];
  });
  if (double.length > 0) throw fail(`${double.length} ids are there twice: ${listSome(double)}`);
  return numbers;
}
