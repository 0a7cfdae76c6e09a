/**
 * What the store holds of a cell's runs, kept in the cell's folder, too (`record.ndjson`), so that a store can be made anew from
 * the folders. Lines are appended after each change of the store, and the whole is written anew when the cell is run again, so
 * that a line that was lost with a killed process comes back and the file stays as small as what it tells.
 */
import { closeSync, existsSync, fdatasyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EpochRecord } from '../../../trainer/contract/events.js';
import type { TrainerInputs } from '../../domain/stored-cell.js';
import { atomicWrite } from '../atomic-write.js';
import type { ResultsPaths } from '../run-paths.js';
import type { Connection } from './connection.js';
import { epochsOf } from './epoch-rows.js';
import { type CellColumns, type KeptWarning, parseLine, type RecordLine, type Row } from './record-lines.js';

/** Numbers that rows have in this store alone. */
const numbers = ['run', 'cell', 'input'];
const withoutNumbers = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([column]) => !numbers.includes(column)));

const ofCell = '(SELECT cell FROM cells WHERE cell_id = ?)';

/** Writes the records of cells. What can't be written is left out: the store itself has it. */
export class CellRecords {
  /** Of the cells that are running here. */
  readonly #open = new Map<string, number>();

  constructor(
    private readonly connection: Connection,
    private readonly paths: ResultsPaths,
  ) {}

  /** Writes all anew, and keeps the file open for the run that begins. */
  begin(cellId: string): void {
    const lines = [
      ...this.#runs(cellId),
      ...epochsOf(this.connection, cellId).map((finished): RecordLine => ({ finished })),
      ...this.#rows(`SELECT * FROM notes WHERE cell = ${ofCell} ORDER BY note`, cellId).map(note => ({
        note: withoutNumbers(note),
      })),
      this.#cell(cellId),
    ];
    const path = this.#path(cellId);
    const isFirst = !existsSync(path);
    // What a crash may take of the first one is in the store; a later one must not harm what is there.
    if (!isFirst) this.#try(() => atomicWrite(path, asText(lines)));
    this.#try(() => {
      mkdirSync(dirname(path), { recursive: true });
      const file = openSync(path, 'a');
      this.#open.set(cellId, file);
      if (isFirst) writeSync(file, asText(lines));
    });
  }

  epoch(cellId: string, epoch: EpochRecord): void {
    this.#append(cellId, [{ finished: epoch }]);
  }

  dropAfter(cellId: string, epoch: number): void {
    this.#append(cellId, [{ dropAfter: epoch }]);
  }

  /** Finished epochs after a run has gone on from some of those `before`. */
  goesOn(
    cellId: string,
    before: readonly EpochRecord[],
    from: number,
    history: readonly EpochRecord[],
  ): void {
    const known = new Map(before.map(record => [record.epoch, JSON.stringify(record)]));
    const changed = history.find(
      record => record.epoch > from || known.get(record.epoch) !== JSON.stringify(record),
    );
    const kept = Math.min(from, changed === undefined ? from : changed.epoch - 1);
    const again = history.filter(({ epoch }) => epoch > kept).map((finished): RecordLine => ({ finished }));
    this.#append(cellId, [{ dropAfter: kept }, ...again]);
  }

  /** The cell's own columns and one of its runs, or all. */
  changed(cellId: string, attempt?: number): void {
    this.#append(cellId, [...this.#runs(cellId, attempt), this.#cell(cellId)]);
  }

  /** Its newest note. */
  noted(cellId: string): void {
    const notes = this.#rows(`SELECT * FROM notes WHERE cell = ${ofCell} ORDER BY note DESC LIMIT 1`, cellId);
    this.#append(
      cellId,
      notes.map(note => ({ note: withoutNumbers(note) })),
    );
  }

  /** A power cut may take the last few lines, as it may take the last few transactions of the store. */
  end(cellId: string): void {
    const file = this.#open.get(cellId);
    if (file === undefined) return;
    this.#open.delete(cellId);
    closeSync(file);
  }

  close(): void {
    for (const cellId of [...this.#open.keys()]) this.end(cellId);
  }

  #append(cellId: string, lines: readonly RecordLine[]): void {
    const text = asText(lines);
    const open = this.#open.get(cellId);
    this.#try(() => {
      if (open !== undefined) return writeSync(open, text);
      const path = this.#path(cellId);
      mkdirSync(dirname(path), { recursive: true });
      const file = openSync(path, 'a');
      try {
        // What a killed process left unfinished must not spoil this line.
        writeSync(file, `\n${text}`);
        fdatasyncSync(file);
      } finally {
        closeSync(file);
      }
    });
  }

  #runs(cellId: string, attempt?: number): RecordLine[] {
    const rows = this.#rows(
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

  #cell(cellId: string): RecordLine {
    const [row] = this.#rows(
      `SELECT (SELECT attempt FROM runs WHERE run = last_run) AS lastRun, (SELECT attempt FROM runs WHERE run = trained_run) AS trainedRun,
         validation_images AS validationImages, stale, held, priority FROM cells WHERE cell = ${ofCell}`,
      cellId,
    );
    return { cell: row as unknown as CellColumns };
  }

  #rows(sql: string, cellId: string): Row[] {
    return this.connection.prepare(sql).all(cellId) as Row[];
  }

  #path(cellId: string): string {
    return this.paths.cell(cellId).record;
  }

  #try(work: () => unknown): void {
    try {
      work();
    } catch {
      // A full disk, a read-only folder: the store tells of it if it can't be written either.
    }
  }
}

const asText = (lines: readonly RecordLine[]): string =>
  lines.map(line => `${JSON.stringify(line)}\n`).join('');

/** What a record tells in the end. */
export interface CellHistory {
  /** First attempt first. */
  runs: { run: Row; inputs: TrainerInputs | undefined; warnings: KeptWarning[] }[];
  epochs: EpochRecord[];
  notes: Row[];
  cell: CellColumns | undefined;
}

/** Reads a cell's record as far as it can be read; undefined: it has none. Lines that aren't what they should be are told to `onProblem`. */
export function readRecord(path: string, onProblem: (words: string) => void): CellHistory | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const runs = new Map<number, CellHistory['runs'][number]>();
  const epochs = new Map<number, EpochRecord>();
  const dropFrom = (first: number) => {
    for (const epoch of [...epochs.keys()]) if (epoch >= first) epochs.delete(epoch);
  };
  const history: CellHistory = { runs: [], epochs: [], notes: [], cell: undefined };
  for (const [index, line] of text.split('\n').entries()) {
    let change: RecordLine | undefined;
    try {
      change = parseLine(line, `${path}:${index + 1}`);
    } catch (error) {
      onProblem((error as Error).message);
    }
    if (change === undefined) continue;
    if ('run' in change)
      runs.set(Number(change.run.attempt), {
        run: change.run,
        inputs: change.inputs,
        warnings: change.warnings ?? [],
      });
    else if ('finished' in change) epochs.set(change.finished.epoch, change.finished);
    else if ('epoch' in change) {
      dropFrom(change.epoch.epoch);
      epochs.set(change.epoch.epoch, change.epoch);
    } else if ('dropAfter' in change) dropFrom(change.dropAfter + 1);
    else if ('cell' in change) history.cell = change.cell;
    else if ('note' in change) history.notes.push(change.note);
  }
  history.runs = [...runs].sort(([a], [b]) => a - b).map(([, run]) => run);
  history.epochs = [...epochs.values()].sort((a, b) => a.epoch - b.epoch);
  return history;
}
