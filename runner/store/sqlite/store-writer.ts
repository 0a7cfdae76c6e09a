import type { EpochRecord } from '../../../trainer/contract/events.js';
import { silenceMs } from '../../../trainer/files/lock-watch.js';
import { isSameProcess, ownIdentity, type ProcessIdentity } from '../../../trainer/files/process-identity.js';
import type { Objective } from '../../domain/metric.js';
import type { CellRecord, GridRecord } from '../../domain/stored.js';
import type { TrainerInputs } from '../../domain/stored-cell.js';
import { isOwnerAlive } from '../lock-holders.js';
import type { ResultsPaths } from '../run-paths.js';
import type { RunEnd, RunHandle, RunStart, StoreWriter } from '../run-store.js';
import { StoreError } from '../store-error.js';
import { type CellHistory, CellRecords, type Row } from './cell-record.js';
import type { Connection } from './connection.js';
import { epochsOf } from './epoch-rows.js';
import { type FiledCell, writeGridFile } from './grid-files.js';
import { MetricTable } from './metric-table.js';
import { registerGrid } from './register-grid.js';
import { restoreGrid, restoreHistory } from './restore-rows.js';
import { insertRun, writeEnd, writeInputs, writeStart } from './run-rows.js';
import { deadRuns, runningRuns } from './running-runs.js';
import { SqliteReader } from './store-reader.js';
import { emptySummary, type Summary, withEpoch } from './summary.js';
import { WarningTable } from './warning-table.js';

interface CellRow {
  cell: number;
  objective: Objective;
}

const keyOf = ({ cellId, attempt }: RunHandle) => `${cellId} ${attempt}`;

export class SqliteWriter extends SqliteReader implements StoreWriter {
  readonly #owner: ProcessIdentity = ownIdentity();
  readonly #metrics: MetricTable;
  readonly #warnings: WarningTable;
  /** Of the cells that are running here. */
  readonly #summaries = new Map<string, Readonly<Summary>>();
  readonly #cells = new Map<string, CellRow>();
  /** Cells whose results are known to rest on the run that they have here. */
  readonly #resting = new Set<string>();

  /** Undefined for a store that is being put together from them. */
  readonly #records: CellRecords | undefined;

  /** `keepsRecords`: what is written is also written into the folders of cells and grids. */
  constructor(connection: Connection, paths: ResultsPaths, keepsRecords: boolean) {
    super(connection, paths);
    this.#metrics = new MetricTable(connection);
    this.#warnings = new WarningTable(connection);
    this.#records = keepsRecords ? new CellRecords(connection, paths) : undefined;
    this.#interruptDeadRuns();
  }

  registerGrid(grid: GridRecord, cells: readonly CellRecord[]): void {
    this.#write(() => registerGrid(this.connection, grid, cells));
    if (this.#records !== undefined) writeGridFile(this.connection, this.paths, grid.name, cells);
  }

  /** Puts back what the file of a grid tells. */
  restoreGrid(grid: Row, cells: readonly FiledCell[]): void {
    this.#write(() => restoreGrid(this.connection, grid, cells));
  }

  /** Puts back what the record of a cell tells. */
  restoreCell(cellId: string, history: CellHistory): void {
    this.#write(() => {
      const { cell, objective } = this.#cell(cellId);
      restoreHistory(this.connection, this.#metrics, cellId, history);
      this.#resummarize(cellId, cell, objective);
      this.#summaries.delete(cellId);
      this.#cells.delete(cellId);
    });
  }

  startRun(cellId: string, slotId: string): RunHandle {
    const run = this.#write(() => {
      const { cell } = this.#cell(cellId);
      this.#endRunningRuns(cellId, cell);
      const attempt = insertRun(this.connection, cell, slotId, this.#owner);
      return { cellId, attempt };
    });
    this.#records?.begin(cellId);
    return run;
  }

  recordInputs(run: RunHandle, inputs: TrainerInputs): void {
    this.#write(() => writeInputs(this.connection, this.#cell(run.cellId).cell, run.attempt, inputs));
    this.#records?.changed(run.cellId, run.attempt);
  }

  recordStarted(run: RunHandle, start: RunStart): void {
    const before = this.#records === undefined ? [] : this.metricsOf(run.cellId);
    this.#write(() => {
      const { cell, objective } = this.#cell(run.cellId);
      writeStart(this.connection, cell, run.attempt, start);
      this.#metrics.dropEpochsAfter(cell, start.resumedFromEpoch);
      for (const record of start.history) this.#metrics.writeEpoch(cell, record);
      this.#resummarize(run.cellId, cell, objective);
    });
    this.#records?.changed(run.cellId, run.attempt);
    this.#records?.goesOn(run.cellId, before, start.resumedFromEpoch, start.history);
  }

  recordEpoch(run: RunHandle, record: EpochRecord): void {
    const rested = this.#resting.has(run.cellId);
    this.#write(() => {
      const { cell, objective } = this.#cell(run.cellId);
      // An external trainer may start over without a word: what is there from this epoch on is of another run.
      this.#metrics.dropEpochsAfter(cell, record.epoch - 1);
      this.#metrics.writeEpoch(cell, record);
      this.#restOn(run, cell, record.epoch === 1);
      const summary = this.#summaries.get(run.cellId);
      if (summary === undefined || record.epoch <= summary.epochs) {
        this.#resummarize(run.cellId, cell, objective);
        return;
      }
      this.#summarize(run.cellId, cell, withEpoch(summary, record, objective));
    });
    this.#records?.epoch(run.cellId, record);
    if (!rested) this.#records?.changed(run.cellId, run.attempt);
  }

  recordWarning(run: RunHandle, message: string): void {
    const key = keyOf(run);
    if (!this.#warnings.take(key, message)) return;
    this.#write(() => this.#warnings.write(key, this.#cell(run.cellId).cell, run.attempt));
    this.#records?.changed(run.cellId, run.attempt);
  }

  finishRun(run: RunHandle, end: RunEnd): void {
    this.#write(() => {
      const { cell } = this.#cell(run.cellId);
      this.#warnings.write(keyOf(run), cell, run.attempt);
      writeEnd(this.connection, cell, run.attempt, end);
    });
    this.#warnings.forget(keyOf(run));
    this.#records?.changed(run.cellId, run.attempt);
    this.#records?.end(run.cellId);
    this.#summaries.delete(run.cellId);
    this.#cells.delete(run.cellId);
    this.#resting.delete(run.cellId);
  }

  requeue(cellIds: readonly string[]): void {
    this.#write(() => {
      for (const cellId of cellIds) {
        const { cell } = this.#cell(cellId);
        this.#endRunningRuns(cellId, cell);
        this.connection.prepare('UPDATE cells SET last_run = NULL WHERE cell = ?').run(cell);
      }
    });
    for (const cellId of cellIds) this.#records?.changed(cellId);
  }

  markStale(cellIds: readonly string[], reasons: ReadonlyMap<string, readonly string[]>): void {
    const changed =
      this.#records === undefined
        ? []
        : [...this.cellsById(cellIds).values()]
            .filter(({ cellId, staleReasons }) => `${staleReasons}` !== `${reasons.get(cellId) ?? []}`)
            .map(({ cellId }) => cellId);
    this.#write(() => {
      this.connection
        .prepare(
          'UPDATE cells SET stale = NULL WHERE stale IS NOT NULL AND cell_id IN (SELECT value FROM json_each(?))',
        )
        .run(JSON.stringify(cellIds));
      const mark = this.connection.prepare('UPDATE cells SET stale = ? WHERE cell_id = ?');
      for (const cellId of cellIds) {
        const words = reasons.get(cellId) ?? [];
        if (words.length > 0) mark.run(JSON.stringify(words), cellId);
      }
    });
    for (const cellId of changed) this.#records?.changed(cellId);
  }

  addNote(cellId: string, text: string, attempt?: number): void {
    this.#write(() => {
      this.connection
        .prepare('INSERT INTO notes (cell, attempt, time_ms, text) VALUES (?, ?, ?, ?)')
        .run(this.#cell(cellId).cell, attempt ?? null, Date.now(), text);
    });
    this.#records?.noted(cellId);
  }

  addFileNote(cellIds: readonly string[], text: string): void {
    const noted: string[] = [];
    this.#write(() => {
      // Older stores don't tell where a note is from: there, the same text is taken for the file's.
      const last = this.connection.prepare(
        'SELECT text FROM notes WHERE cell = ?1 AND (of_file OR text = ?2) ORDER BY of_file DESC, note DESC LIMIT 1',
      );
      const add = this.connection.prepare(
        'INSERT INTO notes (cell, attempt, time_ms, text, of_file) VALUES (?, NULL, ?, ?, 1)',
      );
      for (const cellId of cellIds) {
        const { cell } = this.#cell(cellId);
        const known = last.get(cell, text) as { text: string } | undefined;
        if (known?.text === text) continue;
        add.run(cell, Date.now(), text);
        noted.push(cellId);
      }
    });
    for (const cellId of noted) this.#records?.noted(cellId);
  }

  /** Leaves all in the one file, if no other process is in it: SQLite does so itself only once all statements are collected. */
  override close(): void {
    this.#records?.close();
    try {
      this.connection.guard(() => {
        // Not worth waiting for readers.
        this.connection.database.exec('PRAGMA busy_timeout = 0');
        this.connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      });
    } finally {
      super.close();
    }
  }

  /** One transaction. What is kept in memory beside the file is forgotten if it isn't stored. */
  #write<T>(work: () => T): T {
    try {
      return this.connection.write(work);
    } catch (error) {
      this.#metrics.forget();
      this.#summaries.clear();
      this.#cells.clear();
      this.#resting.clear();
      throw error;
    }
  }

  #cell(cellId: string): CellRow {
    const known = this.#cells.get(cellId);
    if (known !== undefined) return known;
    const row = this.connection
      .prepare(
        `SELECT cell, spec -> '$.objective' AS objective FROM cells JOIN specs USING (cell) WHERE cell_id = ?`,
      )
      .get(cellId) as { cell: number; objective: string } | undefined;
    if (row === undefined)
      throw new StoreError('unknownCell', `${this.connection.path}: cell ${cellId} is in no registered grid`);
    const cell = { cell: row.cell, objective: JSON.parse(row.objective) as Objective };
    this.#cells.set(cellId, cell);
    return cell;
  }

  /** A trainer that doesn't say that it has started came to train with its first epoch. */
  #restOn({ cellId, attempt }: RunHandle, cell: number, anew: boolean): void {
    if (this.#resting.has(cellId)) return;
    this.connection
      .prepare(
        `UPDATE cells SET trained_run = (SELECT run FROM runs WHERE cell = ?1 AND attempt = ?2), stale = iif(?3, NULL, stale)
         WHERE cell = ?1`,
      )
      .run(cell, attempt, anew ? 1 : 0);
    this.#resting.add(cellId);
  }

  #resummarize(cellId: string, cell: number, objective: Objective): void {
    const summary = epochsOf(this.connection, cellId).reduce<Readonly<Summary>>(
      (before, record) => withEpoch(before, record, objective),
      emptySummary,
    );
    this.#summarize(cellId, cell, summary);
  }

  #summarize(cellId: string, cell: number, summary: Readonly<Summary>): void {
    this.#metrics.writeSummary(cell, summary);
    this.#summaries.set(cellId, summary);
  }

  /** A run that this process left running, or one that is gone left, is over. */
  #endRunningRuns(cellId: string, cell: number): void {
    for (const { run, owner } of runningRuns(this.connection, cell)) {
      if (!isSameProcess(owner, this.#owner) && isOwnerAlive(owner, this.paths))
        throw new StoreError(
          'cellIsRunning',
          `cell ${cellId} is being run by process ${owner.pid} on ${owner.host}, for another grid that has it too`,
        );
      this.#interrupt(run);
    }
  }

  #interruptDeadRuns(): void {
    const dead = deadRuns(this.connection, this.paths, silenceMs);
    if (dead.length === 0) return;
    this.#write(() => {
      for (const run of dead) this.#interrupt(run);
    });
  }

  #interrupt(run: number): void {
    this.connection
      .prepare(`UPDATE runs SET state = 'interrupted', ended_ms = ? WHERE run = ? AND state = 'running'`)
      .run(Date.now(), run);
  }
}
