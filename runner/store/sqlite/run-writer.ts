import type { EpochRecord, MemoryUse } from '../../../trainer/contract/events.js';
import { ownIdentity } from '../../../trainer/files/process-identity.js';
import type { Objective } from '../../domain/metric.js';
import type { RunRef } from '../../domain/run.js';
import { mayChange } from '../../domain/run-state.js';
import type { TrainerInputs } from '../../domain/stored-cell.js';
import type { ResultsPaths } from '../run-paths.js';
import type { AdoptedRun, RunEnd, RunHandle, RunStart } from '../run-store.js';
import { StoreError } from '../store-error.js';
import { CellRecords } from './cell-record.js';
import { stateOf } from './cell-state.js';
import type { Connection } from './connection.js';
import { epochsOf } from './epoch-rows.js';
import { takeEvent } from './event-order.js';
import { addChange } from './journal.js';
import { endLease, leaseMs, type Owner, ownerOf } from './leases.js';
import { MetricTable } from './metric-table.js';
import { RunLeases } from './run-leases.js';
import {
  insertRun,
  outlivingRuns,
  restOn,
  writeEnd,
  writeInputs,
  writeMemory,
  writeRef,
  writeStart,
} from './run-rows.js';
import { SqliteReader } from './store-reader.js';
import { emptySummary, type Summary, withEpoch } from './summary.js';
import { WarningTable } from './warning-table.js';

interface CellRow {
  cell: number;
  objective: Objective;
}

const keyOf = ({ cellId, attempt }: RunHandle) => `${cellId} ${attempt}`;

export interface WriterOptions {
  /** What is written is also written into the folders of cells and grids. */
  keepsRecords?: boolean;
  /** Whose the leases are; this process's where it is left out. */
  owner?: Owner | undefined;
}

/** Writes runs: from the lease to the end, event by event, only while the lease is held. */
export class RunWriter extends SqliteReader {
  protected readonly metrics: MetricTable;
  /** Undefined for a store that is being put together from them. */
  protected readonly records: CellRecords | undefined;
  protected readonly leases: RunLeases;
  readonly #warnings: WarningTable;
  /** Of the cells that are running here. */
  readonly #summaries = new Map<string, Readonly<Summary>>();
  readonly #cells = new Map<string, CellRow>();
  /** Cells whose results are known to rest on the run that they have here. */
  readonly #resting = new Set<string>();

  constructor(connection: Connection, paths: ResultsPaths, { keepsRecords = true, owner }: WriterOptions) {
    super(connection, paths);
    this.leases = new RunLeases(connection, owner ?? ownerOf(ownIdentity()));
    this.metrics = new MetricTable(connection);
    this.#warnings = new WarningTable(connection);
    this.records = keepsRecords ? new CellRecords(connection, paths) : undefined;
    this.leases.endDead();
  }

  startRun(cellId: string, slotId: string, onLost: () => void = () => {}): RunHandle {
    const { run, ...begun } = this.write(() => {
      const { cell } = this.cell(cellId);
      this.leases.end(cellId, cell);
      const state = stateOf(this.connection, cell);
      if (!mayChange(state, 'running', 'runner'))
        throw new StoreError('cellIsHeld', `cell ${cellId} is ${state}: \`grid resume\` lets it run`);
      const inserted = insertRun(this.connection, cell, slotId, ownIdentity());
      this.leases.take(cell, inserted);
      return inserted;
    });
    return this.#begin({ cellId, ...begun }, run, onLost);
  }

  recordRef(run: RunHandle, ref: RunRef): void {
    this.#asHolder(run, undefined, ({ cell }) => writeRef(this.connection, cell, run.attempt, ref));
  }

  outlivingRuns(): { cellId: string; slotId: string }[] {
    return this.connection.guard(() => outlivingRuns(this.connection));
  }

  adoptRun(cellId: string, onLost: () => void = () => {}): AdoptedRun | undefined {
    const found = this.write(() => this.leases.adopt(cellId, this.cell(cellId).cell));
    if (found === undefined) return undefined;
    const { run, attempt, fence, ...rest } = found;
    return { run: this.#begin({ cellId, attempt, fence }, run, onLost), ...rest };
  }

  recordInputs(run: RunHandle, inputs: TrainerInputs): boolean {
    const isNew = this.#asHolder(run, undefined, ({ cell }) =>
      writeInputs(this.connection, cell, run.attempt, inputs),
    );
    if (isNew) this.records?.changed(run.cellId, run.attempt);
    return isNew;
  }

  recordStarted(run: RunHandle, start: RunStart, number?: number): boolean {
    const goesOn = start.resumedFromEpoch > 0 && this.records !== undefined;
    const before = goesOn ? this.metricsOf(run.cellId) : [];
    const isNew = this.#asHolder(run, number, ({ cell, objective }) => {
      writeStart(this.connection, cell, run.attempt, start);
      this.metrics.dropEpochsAfter(cell, start.resumedFromEpoch);
      for (const record of start.history) this.metrics.writeEpoch(cell, record);
      this.#resting.add(run.cellId);
      if (start.resumedFromEpoch === 0 && start.history.length === 0)
        this.#summarize(run.cellId, cell, emptySummary);
      else this.#resummarize(run.cellId, cell, objective);
      addChange(this.connection, 'epoch', cell);
    });
    if (!isNew) return false;
    this.records?.changed(run.cellId, run.attempt);
    this.records?.goesOn(run.cellId, before, start.resumedFromEpoch, start.history);
    return true;
  }

  beginAfter(run: RunHandle, epoch: number, number?: number): boolean {
    // Most runs begin where they said they would: nothing changes, and the epoch that follows is checked by itself.
    const { epochs = Number.POSITIVE_INFINITY } = this.#summaries.get(run.cellId) ?? {};
    if (number === undefined && epochs <= epoch && this.#resting.has(run.cellId)) return true;
    const isNew = this.#asHolder(run, number, ({ cell, objective }) => {
      this.metrics.dropEpochsAfter(cell, epoch);
      restOn(this.connection, cell, run.attempt, epoch === 0);
      this.#resting.add(run.cellId);
      this.#resummarize(run.cellId, cell, objective);
      addChange(this.connection, 'epoch', cell);
    });
    if (!isNew) return false;
    this.records?.dropAfter(run.cellId, epoch);
    this.records?.changed(run.cellId, run.attempt);
    return true;
  }

  recordEpoch(run: RunHandle, record: EpochRecord, number?: number): boolean {
    const rested = this.#resting.has(run.cellId);
    const isNew = this.#asHolder(run, number, ({ cell, objective }) => {
      this.metrics.writeEpoch(cell, record);
      this.#restOn(run, cell, record.epoch === 1);
      const summary = this.#summaries.get(run.cellId);
      if (summary === undefined || record.epoch <= summary.epochs)
        this.#resummarize(run.cellId, cell, objective);
      else this.#summarize(run.cellId, cell, withEpoch(summary, record, objective));
      addChange(this.connection, 'epoch', cell);
    });
    if (!isNew) return false;
    this.records?.epoch(run.cellId, record);
    if (!rested) this.records?.changed(run.cellId, run.attempt);
    return true;
  }

  recordWarning(run: RunHandle, message: string, number?: number): boolean {
    const key = keyOf(run);
    let isFirst = false;
    const isNew = this.#asHolder(run, number, ({ cell }) => {
      isFirst = this.#warnings.take(key, message);
      if (!isFirst) return;
      this.#warnings.write(key, cell, run.attempt);
      addChange(this.connection, 'warning', cell);
    });
    if (isFirst) this.records?.changed(run.cellId, run.attempt);
    return isNew;
  }

  recordMemory(run: RunHandle, use: MemoryUse, number?: number): boolean {
    return this.#asHolder(run, number, ({ cell }) => writeMemory(this.connection, cell, run.attempt, use));
  }

  passEvent(run: RunHandle, number: number): boolean {
    return this.#asHolder(run, number, () => {});
  }

  finishRun(run: RunHandle, end: RunEnd, number?: number): boolean {
    const isNew = this.#asHolder(run, number, ({ cell }) => {
      this.#warnings.write(keyOf(run), cell, run.attempt);
      writeEnd(this.connection, cell, run.attempt, end);
      this.connection.prepare('DELETE FROM progress WHERE cell = ?').run(cell);
      endLease(this.connection, cell);
      addChange(this.connection, 'run', cell);
    });
    this.leases.drop(keyOf(run));
    this.#warnings.forget(keyOf(run));
    this.records?.changed(run.cellId, run.attempt);
    this.records?.end(run.cellId);
    this.#summaries.delete(run.cellId);
    this.#cells.delete(run.cellId);
    this.#resting.delete(run.cellId);
    return isNew;
  }

  override close(): void {
    this.leases.close();
    super.close();
  }

  /** One transaction. What is kept in memory beside the file is forgotten if it isn't stored. */
  protected write<T>(work: () => T): T {
    try {
      return this.connection.write(work);
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  protected forget(): void {
    this.metrics.forget();
    this.#summaries.clear();
    this.#cells.clear();
    this.#resting.clear();
  }

  protected cell(cellId: string): CellRow {
    const known = this.#cells.get(cellId);
    if (known !== undefined) return known;
    const row = this.connection
      .prepare(
        'SELECT cell, objective_metric AS metric, objective_direction AS direction FROM cells WHERE cell_id = ?',
      )
      .get(cellId) as ({ cell: number } & Objective) | undefined;
    if (row === undefined)
      throw new StoreError('unknownCell', `${this.connection.path}: cell ${cellId} is in no registered grid`);
    const { metric, direction } = row;
    const cell = { cell: row.cell, objective: { metric, direction } };
    this.#cells.set(cellId, cell);
    return cell;
  }

  /** Brings a cell's results in short up to date with all of its epochs. */
  protected resummarize(cellId: string): void {
    const { cell, objective } = this.cell(cellId);
    this.#resummarize(cellId, cell, objective);
    this.#summaries.delete(cellId);
    this.#cells.delete(cellId);
  }

  #begin(handle: RunHandle, run: number, onLost: () => void): RunHandle {
    this.leases.keep(keyOf(handle), run, onLost);
    // What an earlier run of the cell that lost its lease here left behind.
    this.#summaries.delete(handle.cellId);
    this.#resting.delete(handle.cellId);
    this.records?.begin(handle.cellId);
    return handle;
  }

  /**
   * Does what an event tells, in one transaction, if it is the next one of a run that has the lease. False: it is known already, or
   * those before it are missing.
   *
   * @throws StoreError `leaseLost`: nothing is stored but that it was tried
   */
  #asHolder(run: RunHandle, number: number | undefined, work: (cell: CellRow) => void): boolean {
    const result = this.write(() => {
      const found = this.cell(run.cellId);
      const taken = takeEvent(this.connection, found.cell, run, number);
      if (taken === 'new') work(found);
      return taken;
    });
    if (result === 'refused')
      throw new StoreError(
        'leaseLost',
        `run ${run.attempt} of cell ${run.cellId} has lost its lease: it was away for more than ${leaseMs / 1000} s, or was ended; what it wrote since is refused`,
      );
    return result === 'new';
  }

  /** A trainer that doesn't say that it has started came to train with its first epoch. */
  #restOn({ cellId, attempt }: RunHandle, cell: number, anew: boolean): void {
    if (this.#resting.has(cellId)) return;
    restOn(this.connection, cell, attempt, anew);
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
    this.metrics.writeSummary(cell, summary);
    this.#summaries.set(cellId, summary);
  }
}
