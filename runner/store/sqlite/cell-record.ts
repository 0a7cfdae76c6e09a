/**
 * What the store holds of a cell's runs, kept in the cell's folder, too (`record.ndjson`), so that a store can be made anew from
 * the folders. Lines are appended after each change of the store, and the whole is written anew when the cell is run again, so
 * that a line that was lost with a killed process comes back and the file stays as small as what it tells.
 */
import { closeSync, existsSync, fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EpochRecord } from '../../../trainer/contract/events.js';
import { atomicWrite } from '../../../trainer/files/atomic-write.js';
import type { ResultsPaths } from '../run-paths.js';
import type { Connection } from './connection.js';
import type { RecordLine } from './record-lines.js';
import { cellLine, noteLines, runLines, storedLines } from './stored-lines.js';

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
    const lines = storedLines(this.connection, cellId);
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
    this.#append(cellId, [...runLines(this.connection, cellId, attempt), cellLine(this.connection, cellId)]);
  }

  /** Its newest note. */
  noted(cellId: string): void {
    this.#append(cellId, noteLines(this.connection, cellId).slice(-1));
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
