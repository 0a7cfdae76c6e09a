/** What the store holds of a cell, as lines of its record. */
import type { TrainerInputs } from '../../domain/stored-cell.js';
import type { Connection } from './connection.js';
import { epochsOf } from './epoch-rows.js';
import type { CellColumns, KeptWarning, RecordLine, Row } from './record-lines.js';

/** Numbers that rows have in this store alone. */
const numbers = ['run', 'cell', 'input'];
const withoutNumbers = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([column]) => !numbers.includes(column)));

const ofCell = '(SELECT cell FROM cells WHERE cell_id = ?)';

const rowsOf = (connection: Connection, sql: string, cellId: string): Row[] =>
  connection.prepare(sql).all(cellId) as Row[];

export const storedLines = (connection: Connection, cellId: string): RecordLine[] => [
  ...runLines(connection, cellId),
  ...epochsOf(connection, cellId).map((finished): RecordLine => ({ finished })),
  ...noteLines(connection, cellId),
  cellLine(connection, cellId),
];

/** Oldest first. */
export const noteLines = (connection: Connection, cellId: string): RecordLine[] =>
  rowsOf(connection, `SELECT * FROM notes WHERE cell = ${ofCell} ORDER BY note`, cellId).map(note => ({
    note: withoutNumbers(note),
  }));

/** One of its runs, or all, first attempt first. */
export function runLines(connection: Connection, cellId: string, attempt?: number): RecordLine[] {
  const rows = rowsOf(
    connection,
    `SELECT runs.*, i.folder AS input_folder, i.files AS input_files,
         (SELECT json_group_array(json_object('text', text, 'count', count))
          FROM (SELECT text, count FROM run_warnings w WHERE w.run = runs.run ORDER BY warning)) AS kept_warnings
       FROM runs LEFT JOIN inputs i USING (input)
       WHERE cell = ${ofCell} ${attempt === undefined ? '' : `AND attempt = ${attempt}`} ORDER BY attempt`,
    cellId,
  );
  return rows.map(({ input_folder, input_files, kept_warnings, ...run }) => ({
    run: withoutNumbers(run),
    ...(kept_warnings !== '[]' && { warnings: JSON.parse(String(kept_warnings)) as KeptWarning[] }),
    ...(typeof input_files === 'string' && {
      inputs: { folder: String(input_folder), files: JSON.parse(input_files) as TrainerInputs['files'] },
    }),
  }));
}

/** Its own columns, but for what its epochs tell. */
export function cellLine(connection: Connection, cellId: string): RecordLine {
  const [row] = rowsOf(
    connection,
    `SELECT (SELECT attempt FROM runs WHERE run = last_run) AS lastRun, (SELECT attempt FROM runs WHERE run = trained_run) AS trainedRun,
         validation_images AS validationImages, stale, held, priority, rung FROM cells WHERE cell = ${ofCell}`,
    cellId,
  );
  return { cell: row as unknown as CellColumns };
}
