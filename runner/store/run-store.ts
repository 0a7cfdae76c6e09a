/**
 * The store: one SQLite file for all grids, in WAL mode. One transaction a call; readers see whole
 * transactions, never wait for a writer and may be there while it writes. Killing a process at any moment loses at most its unfinished
 * call (a power cut: the last few).
 */
import type { EpochRecord, MemoryUse, Provenance } from '../../trainer/contract/events.js';
import type { Changes } from '../domain/change.js';
import type { Control, ControlAnswer, ControlRequest } from '../domain/control.js';
import type { LiveProgress, LiveRunner, LiveSlot, RunTotals, RunTroubles } from '../domain/live.js';
import type { Failure, RunRef } from '../domain/run.js';
import type { EndState, HeldState, RunState } from '../domain/run-state.js';
import type { Slot } from '../domain/slot.js';
import type { RungMark } from '../domain/stopping.js';
import type {
  BestCell,
  CellRecord,
  CellWarning,
  Curve,
  EpochRow,
  GridRecord,
  Labels,
  MeasuredMemory,
  NotableCell,
  Standing,
  StoredNote,
  StoredResult,
  StoredRun,
} from '../domain/stored.js';
import type { TrainerInputs } from '../domain/stored-cell.js';
import type { SlotChange } from './sqlite/live-tables.js';

/** All methods throw `StoreError`: `corrupt`, `busy`, `unusable`, and what is named. */
export interface StoreReader {
  /**
   * Runs queries that all see one state of the store, whatever is written meanwhile. Within another one it is part of that. `work` writes
   * nothing.
   */
  snapshot<T>(work: () => T): T;
  grids(): GridRecord[];
  /**
   * The grid of that name; without a name the only one there is.
   *
   * @throws `unknownGrid`, naming those that there are.
   */
  grid(name?: string): GridRecord;
  /** Cells that are or were in the grid, in the grid's order, those no longer in it last. Empty for an unknown grid. */
  storedCells(grid: string): StoredResult[];
  /** Stored cells of these ids, whichever grid they came from: a cell that another grid trained is there too. */
  cellsById(cellIds: readonly string[]): Map<string, StoredResult>;
  /**
   * The cell whose cellId starts with `prefix`.
   *
   * @throws `unknownCell`; `ambiguousCell` listing the matches.
   */
  findCell(prefix: string): StoredResult;
  /** Cells whose ids begin so, at most so many, in the order of their ids. */
  cellsFrom(prefix: string, limit: number): { cellId: string; state: RunState }[];
  /** Runs of a cell, first attempt first. */
  runsOf(cellId: string): StoredRun[];
  /** Finished epochs of a cell in order. */
  metricsOf(cellId: string): EpochRecord[];
  /** Values of some metrics of some cells by epoch; a metric that a cell doesn't have is left out. */
  curves(cellIds: readonly string[], metrics: readonly string[]): Curve[];
  /** Median wall seconds of an epoch, by cellId; none for cells without a measured one. */
  medianEpochSeconds(cellIds: readonly string[]): Map<string, number>;
  /** What runs of these cells have held of memory, as far as somebody looked. */
  measuredMemory(cellIds: readonly string[]): MeasuredMemory[];
  /** Warnings of the last runs of a grid's present cells, in the grid's order. */
  warningsOf(grid: string): CellWarning[];
  /** Notes of a cell, oldest first. */
  notesOf(cellId: string): StoredNote[];
  /** Grids that have the cell or had it, by name, with its labels there. */
  gridsOf(cellId: string): { grid: string; labels: Labels }[];
  /** Files of the grids that have these cells or had them, by cell; none for those that aren't stored. */
  gridFilesOf(cellIds: readonly string[]): Map<string, string[]>;
  /** How many present cells of the grid are in each state. */
  countsByState(grid: string): Record<RunState, number>;
  /** Present cells that are running or have a failure, in the grid's order. */
  notableCells(grid: string): NotableCell[];
  /** The present cell with the best value of the grid's objective so far; null: none has a value. */
  bestCell(grid: string): BestCell | null;
  /** What the leaderboard is made from: the grid's present cells. */
  standings(grid: string): Standing[];
  /** Latest note of each cell of the grid that has one, by cellId. */
  latestNotes(grid: string): Map<string, string>;
  /** Axes and metrics that occur in a grid's cells (in all grids' without a name). */
  columns(grid?: string): { axes: string[]; metrics: string[] };
  /** Every stored value of a grid (of all grids without a name), a row an epoch, in order; one row at a time is in memory. */
  epochRows(grid?: string): IterableIterator<EpochRow>;
  /** Slots of the grid's runner in their order, as they are, or were when it ended. */
  slotsOf(grid: string): LiveSlot[];
  /** How far the running epochs of the grid's cells are. */
  progressOf(grid: string): LiveProgress[];
  /** The runner that has the grid or had it last; null: none ever. */
  runnerOf(grid: string): LiveRunner | null;
  /** What a runner that began at `sinceMs` has done of the grid. */
  runTotals(grid: string, sinceMs: number): RunTotals;
  /** What went wrong in the runs of a runner that began at `sinceMs`. */
  runTroubles(grid: string, sinceMs: number): RunTroubles;
  /** Changes of the store after the one of this number, at most so many. */
  changesSince(number: number, limit?: number): Changes;
  /** Number of the newest change; 0: none. */
  lastChange(): number;
  /** Undefined: what was asked for isn't answered yet. */
  answerOf(control: number): ControlAnswer | undefined;
  /** Changes whenever another process has written. */
  changeCounter(): number;
  close(): void;
}

/** One run as the writer knows it: who leases a cell gets one, and writes with it. */
export interface RunHandle {
  cellId: string;
  attempt: number;
  /** Grows with every lease of the cell: writes with an earlier one are refused. */
  fence: number;
}

/** A run that goes on without the runner that began it, as another takes it over. */
export interface AdoptedRun {
  run: RunHandle;
  slotId: string;
  ref: RunRef;
  /** Number of the last event that is stored; 0: none. */
  lastEvent: number;
}

export interface RunStart {
  provenance: Provenance;
  /** Stored epochs after this one are dropped: the run trains them again. */
  resumedFromEpoch: number;
  /** Upserted: a resume replays what is already there. */
  history: readonly EpochRecord[];
  /** Null: not known. */
  parameters: number | null;
  trainImages: number | null;
  validationImages: number | null;
  classes: number | null;
}

export interface RunEnd {
  state: EndState;
  failure?: Failure;
  weightsHash?: string;
}

/**
 * Methods throw also `diskFull` and `notWritable`; what was stored before stays.
 *
 * Who has leased a cell (`startRun`, `adoptRun`) writes its run, and nobody else. Events that may be delivered more than once are
 * numbered within their run from 1: one that comes again, late, or before its turn changes nothing (false). A write without the
 * lease is refused in the transaction that would have made it, is counted and in the journal, and throws `leaseLost`.
 */
export interface StoreWriter extends StoreReader {
  /** Stores the grid and its cells; cells that it had before and that are not in the list stay, as no longer present. */
  registerGrid(grid: GridRecord, cells: readonly CellRecord[]): void;
  /**
   * Leases a registered cell and begins its next attempt. The lease is renewed until the run is finished, outside the main thread.
   *
   * @param onLost called when another has the lease, or it was ended, as after a suspension
   * @throws `unknownCell`; `cellIsRunning` while another has the lease (for another grid with the same cell);
   * `cellIsHeld` while the user holds it back
   */
  startRun(cellId: string, slotId: string, onLost?: () => void): RunHandle;
  /** The run goes on without its runner, on a slot that knows it by `ref`. */
  recordRef(run: RunHandle, ref: RunRef): void;
  /** Runs that go on without their runner, as far as is known. */
  outlivingRuns(): { cellId: string; slotId: string }[];
  /**
   * Takes over the lease of a run that goes on without its runner, once that is gone; what the earlier one still writes is refused.
   * Undefined: the cell has no such run.
   *
   * @throws `unknownCell`; `cellIsRunning` while its runner is there, or may be
   */
  adoptRun(cellId: string, onLost?: () => void): AdoptedRun | undefined;
  /** What an external trainer's run rests on; again where it is known better. */
  recordInputs(run: RunHandle, inputs: TrainerInputs): boolean;
  /** The trainer's `started` event. */
  recordStarted(run: RunHandle, start: RunStart, number?: number): boolean;
  /** A trainer that tells of no start goes on after this epoch: those on record after it are dropped. */
  beginAfter(run: RunHandle, epoch: number, number?: number): boolean;
  /** The trainer's `epoch` event. The same epoch again replaces it; the others stay. */
  recordEpoch(run: RunHandle, record: EpochRecord, number?: number): boolean;
  /** The trainer's `warning` event: all are counted, the first different ones kept. */
  recordWarning(run: RunHandle, message: string, number?: number): boolean;
  /** The `memory` event. */
  recordMemory(run: RunHandle, use: MemoryUse, number?: number): boolean;
  /** An event that tells nothing that is stored. */
  passEvent(run: RunHandle, number: number): boolean;
  finishRun(run: RunHandle, end: RunEnd, number?: number): boolean;
  /** Puts cells that aren't running back into the queue, whatever became of them; epochs and runs are kept. */
  requeue(cellIds: readonly string[]): void;
  /** Holds back cells that aren't running until they are requeued. Returns those that it could be done to. */
  hold(cellIds: readonly string[], state: HeldState): string[];
  /**
   * What the rule of their grid makes of cells that aren't running: held at a rung (queued, but for the mark), stopped, or neither. Those
   * that are completed, failed or running stay as they are.
   */
  markRungs(marks: ReadonlyMap<string, RungMark | null>): void;
  /** Cells with a higher priority are run first; 0 is usual. */
  prioritize(cellIds: readonly string[], priority: number): void;
  /** For views: the cell runs again then. Its next run forgets it. */
  waitForRetry(cellId: string, untilMs: number): void;
  /** A runner has the grid, with these slots: for views, as what follows. */
  beginRunner(grid: string, slots: readonly Slot[]): void;
  changeRunner(grid: string, change: { stopping?: 'drain' | 'kill'; hasEnded?: boolean }): void;
  addSlot(grid: string, slot: Slot): void;
  removeSlot(grid: string, slotId: string): void;
  changeSlots(grid: string, changes: Iterable<SlotChange>): void;
  recordProgress(progress: Omit<LiveProgress, 'timeMs'>): void;
  /** Asks the runner that has the grid. Returns the number by which the answer is found. */
  ask(grid: string, request: ControlRequest): number;
  /** What nobody has answered yet. */
  openControls(grid: string): Control[];
  answer(grid: string, control: number, answer: ControlAnswer): void;
  /** What was kept of a place where people are told of a grid; null: nothing. */
  noticeState(grid: string, channel: string): string | null;
  keepNoticeState(grid: string, channel: string, state: string): void;
  /** Keeps why results of these cells would come out differently now, for views; of those without reasons, that they wouldn't. */
  markStale(cellIds: readonly string[], reasons: ReadonlyMap<string, readonly string[]>): void;
  /** Adds a note to a cell or to one of its runs. Empty text takes the shown note away. */
  addNote(cellId: string, text: string, attempt?: number): void;
  /** Adds the note of a grid file to cells, but to those that it gave the same text the last time: a newer note stays on top then. */
  addFileNote(cellIds: readonly string[], text: string): void;
}
