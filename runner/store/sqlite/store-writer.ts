import type { RunSpec } from '../../../trainer/contract/run-spec.js';
import { ownIdentity } from '../../../trainer/files/process-identity.js';
import type { Control, ControlAnswer, ControlRequest } from '../../domain/control.js';
import type { LiveProgress } from '../../domain/live.js';
import type { HeldState } from '../../domain/run-state.js';
import type { Slot } from '../../domain/slot.js';
import type { RungMark } from '../../domain/stopping.js';
import type { CellRecord, GridRecord } from '../../domain/stored.js';
import { carryOver, markFormer } from '../carry-over.js';
import type { ResultsPaths } from '../run-paths.js';
import type { StoreWriter } from '../run-store.js';
import { type CellHistory, storedHistory } from './cell-history.js';
import { changeState, markRung } from './cell-state.js';
import type { Connection } from './connection.js';
import { addControl, answerControl, openControls } from './control-table.js';
import { type FiledCell, writeGridFile } from './grid-files.js';
import { addChange } from './journal.js';
import { ownerOf } from './leases.js';
import {
  addSlot,
  beginRunner,
  changeRunner,
  changeSlot,
  removeSlot,
  type SlotChange,
  writeProgress,
} from './live-tables.js';
import { clearHistory, mergeGrid, newNotes } from './merge-rows.js';
import { keepNoticeState, noticeState } from './notice-table.js';
import type { Row } from './record-lines.js';
import { registerGrid } from './register-grid.js';
import { restoreGrid, restoreHistory, restoreNotes, restoreSettings } from './restore-rows.js';
import { RunWriter, type WriterOptions } from './run-writer.js';

/** Writes what is of grids and cells; runs: see RunWriter. */
export class SqliteWriter extends RunWriter implements StoreWriter {
  constructor(connection: Connection, paths: ResultsPaths, options: WriterOptions = {}) {
    super(connection, paths, options);
  }

  registerGrid(grid: GridRecord, cells: readonly CellRecord[]): void {
    this.write(() => {
      registerGrid(this.connection, grid, cells);
      addChange(this.connection, 'grid', null, grid.name);
    });
    // Cells may be summed up by another objective now.
    this.forget();
    if (this.records !== undefined) writeGridFile(this.connection, this.paths, grid.name, cells);
  }

  /** Puts back what the file of a grid tells. */
  restoreGrid(grid: Row, cells: readonly FiledCell[]): void {
    this.write(() => restoreGrid(this.connection, grid, cells));
  }

  /** Puts back what the record of a cell tells. */
  restoreCell(cellId: string, history: CellHistory): void {
    this.write(() => {
      restoreHistory(this.connection, this.metrics, cellId, history);
      this.resummarize(cellId);
    });
  }

  /** Adds a grid of another store. Returns its name here; undefined: there was nothing to add. */
  mergeGrid(shipped: { grid: Row; cells: readonly FiledCell[] }, from: string): string | undefined {
    const name = this.write(() => {
      const name = mergeGrid(this.connection, shipped, from);
      if (name !== undefined) addChange(this.connection, 'grid', null, name);
      return name;
    });
    this.forget();
    if (name !== undefined) writeGridFile(this.connection, this.paths, name, []);
    return name;
  }

  /**
   * Puts what another store has of a cell in the place of what this one has; notes stay. `put` is called last within the transaction.
   *
   * @throws StoreError `cellIsRunning`
   */
  takeCell(cellId: string, spec: RunSpec, history: CellHistory, put: () => void): void {
    this.write(() => {
      restoreSettings(this.connection, cellId, { spec });
      const { cell } = this.cell(cellId);
      this.leases.end(cellId, cell);
      const own = storedHistory(this.connection, cellId);
      clearHistory(this.connection, cell);
      const priority = own.cell?.priority || (history.cell?.priority ?? 0);
      const columns = history.cell && { ...history.cell, priority };
      const notes = newNotes(own, history.notes);
      restoreHistory(this.connection, this.metrics, cellId, { ...history, notes, cell: columns });
      this.resummarize(cellId);
      addChange(this.connection, 'run', cell);
      put();
    });
    this.#record(cellId);
  }

  /** Adds those notes of a cell that aren't there yet. */
  takeNotes(cellId: string, notes: readonly Row[]): void {
    if (notes.length === 0) return;
    const { cell } = this.cell(cellId);
    const fresh = newNotes(storedHistory(this.connection, cellId), notes);
    if (fresh.length === 0) return;
    this.write(() => {
      restoreNotes(this.connection, cell, fresh);
      addChange(this.connection, 'note', cell);
    });
    this.#record(cellId);
  }

  /** Writes its record anew. */
  #record(cellId: string): void {
    this.records?.begin(cellId);
    this.records?.end(cellId);
  }

  /** Gives cells that were put back under former ids those of today. */
  carryOver(): void {
    this.write(() => markFormer(this.connection));
    carryOver(this.connection, this.paths);
    this.forget();
  }

  requeue(cellIds: readonly string[]): void {
    this.write(() => {
      for (const cellId of cellIds) {
        const { cell } = this.cell(cellId);
        this.leases.end(cellId, cell);
        changeState(this.connection, cell, 'queued');
      }
    });
    for (const cellId of cellIds) this.records?.changed(cellId);
  }

  hold(cellIds: readonly string[], state: HeldState): string[] {
    const held = this.write(() =>
      cellIds.filter(cellId => {
        const { cell } = this.cell(cellId);
        this.leases.endLeft(cell);
        return changeState(this.connection, cell, state);
      }),
    );
    for (const cellId of held) this.records?.changed(cellId);
    return held;
  }

  markRungs(marks: ReadonlyMap<string, RungMark | null>): void {
    const changed = this.write(() =>
      [...marks].flatMap(([cellId, mark]) => {
        const { cell } = this.cell(cellId);
        this.leases.endLeft(cell);
        return markRung(this.connection, cell, mark) ? cellId : [];
      }),
    );
    for (const cellId of changed) this.records?.changed(cellId);
  }

  prioritize(cellIds: readonly string[], priority: number): void {
    this.write(() => {
      for (const cellId of cellIds) {
        const { cell } = this.cell(cellId);
        this.connection.prepare('UPDATE cells SET priority = ? WHERE cell = ?').run(priority, cell);
        addChange(this.connection, 'cell', cell);
      }
    });
    for (const cellId of cellIds) this.records?.changed(cellId);
  }

  waitForRetry(cellId: string, untilMs: number): void {
    this.write(() => {
      const { cell } = this.cell(cellId);
      this.connection.prepare('UPDATE cells SET retry_ms = ? WHERE cell = ?').run(untilMs, cell);
      addChange(this.connection, 'cell', cell);
    });
  }

  markStale(cellIds: readonly string[], reasons: ReadonlyMap<string, readonly string[]>): void {
    const changed = [...this.cellsById(cellIds).values()]
      .filter(({ cellId, staleReasons }) => `${staleReasons}` !== `${reasons.get(cellId) ?? []}`)
      .map(({ cellId }) => cellId);
    if (changed.length === 0) return;
    this.write(() => {
      const mark = this.connection.prepare('UPDATE cells SET stale = ? WHERE cell_id = ?');
      for (const cellId of changed) {
        const words = reasons.get(cellId) ?? [];
        mark.run(words.length > 0 ? JSON.stringify(words) : null, cellId);
      }
      addChange(this.connection, 'grid');
    });
    for (const cellId of changed) this.records?.changed(cellId);
  }

  addNote(cellId: string, text: string, attempt?: number): void {
    this.write(() => {
      const { cell } = this.cell(cellId);
      this.connection
        .prepare('INSERT INTO notes (cell, attempt, time_ms, text) VALUES (?, ?, ?, ?)')
        .run(cell, attempt ?? null, Date.now(), text);
      addChange(this.connection, 'note', cell);
    });
    this.records?.noted(cellId);
  }

  addFileNote(cellIds: readonly string[], text: string): void {
    const noted: string[] = [];
    this.write(() => {
      // Older stores don't tell where a note is from: there, the same text is taken for the file's.
      const last = this.connection.prepare(
        'SELECT text FROM notes WHERE cell = ?1 AND (of_file OR text = ?2) ORDER BY of_file DESC, note DESC LIMIT 1',
      );
      const add = this.connection.prepare(
        'INSERT INTO notes (cell, attempt, time_ms, text, of_file) VALUES (?, NULL, ?, ?, 1)',
      );
      for (const cellId of cellIds) {
        const { cell } = this.cell(cellId);
        const known = last.get(cell, text) as { text: string } | undefined;
        if (known?.text === text) continue;
        add.run(cell, Date.now(), text);
        addChange(this.connection, 'note', cell);
        noted.push(cellId);
      }
    });
    for (const cellId of noted) this.records?.noted(cellId);
  }

  beginRunner(grid: string, slots: readonly Slot[]): void {
    this.#live(grid, 'runner', () => {
      beginRunner(this.connection, grid, ownerOf(ownIdentity()));
      for (const slot of slots) addSlot(this.connection, grid, slot);
    });
  }

  changeRunner(grid: string, change: { stopping?: 'drain' | 'kill'; hasEnded?: boolean }): void {
    this.#live(grid, 'runner', () => changeRunner(this.connection, grid, change));
  }

  addSlot(grid: string, slot: Slot): void {
    this.#live(grid, 'slot', () => addSlot(this.connection, grid, slot));
  }

  removeSlot(grid: string, slotId: string): void {
    this.#live(grid, 'slot', () => removeSlot(this.connection, grid, slotId));
  }

  changeSlots(grid: string, changes: Iterable<SlotChange>): void {
    this.#live(grid, 'slot', () => {
      for (const change of changes) changeSlot(this.connection, grid, change);
    });
  }

  recordProgress(progress: Omit<LiveProgress, 'timeMs'>): void {
    this.write(() => {
      writeProgress(this.connection, progress);
      addChange(this.connection, 'progress', this.cell(progress.cellId).cell);
    });
  }

  ask(grid: string, request: ControlRequest): number {
    return this.write(() => {
      const control = addControl(this.connection, grid, request);
      addChange(this.connection, 'control', null, grid);
      return control;
    });
  }

  openControls(grid: string): Control[] {
    return this.connection.guard(() => openControls(this.connection, grid));
  }

  answer(grid: string, control: number, answer: ControlAnswer): void {
    this.#live(grid, 'control', () => answerControl(this.connection, control, answer));
  }

  noticeState(grid: string, channel: string): string | null {
    return this.connection.guard(() => noticeState(this.connection, grid, channel));
  }

  keepNoticeState(grid: string, channel: string, state: string): void {
    this.write(() => keepNoticeState(this.connection, grid, channel, state));
  }

  /** Leaves all in the one file, if no other process is in it: SQLite does so itself only once all statements are collected. */
  override close(): void {
    this.records?.close();
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

  #live(grid: string, kind: 'runner' | 'slot' | 'control', work: () => void): void {
    this.write(() => {
      work();
      addChange(this.connection, kind, null, grid);
    });
  }
}
