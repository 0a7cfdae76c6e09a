/** TensorBoard's files of a grid, written as its runs go. */
import { appendFileSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { stateTable } from '../../domain/run-state.js';
import type { StoredResult, StoredRun } from '../../domain/stored.js';
import type { ResultsPaths } from '../../store/run-paths.js';
import type { StoreReader } from '../../store/run-store.js';
import { beginning, type Description, describe, ending, epochsAfter, fileName } from './cell-events.js';
import { picturesOf } from './pictures.js';
import { restart } from './records.js';
import { writeWhole } from './write.js';
import { readWritten, type Written } from './written.js';

const mostChanges = 5000;

export interface FollowOptions {
  store: StoreReader;
  paths: ResultsPaths;
  grid: string;
  /** `folder/GRID/CELL` */
  folder: string;
}

/**
 * Appends what comes to one file a cell. What is there already is read from the files themselves, so that it goes on after a crash: a torn
 * end is cut off, and an attempt that trains epochs again says so, whereupon TensorBoard forgets the earlier ones.
 */
export class TensorboardFollower {
  readonly #options: FollowOptions;
  readonly #root: string;
  readonly #description: Description;
  readonly #cells: ReadonlySet<string>;
  readonly #written = new Map<string, Written>();
  #last = -1;

  /** @throws StoreError `unknownGrid`; errors of the file system */
  constructor(options: FollowOptions) {
    const { store, grid, folder } = options;
    this.#options = options;
    this.#root = join(folder, encodeURIComponent(grid));
    const cells = store.storedCells(grid).filter(({ present }) => present);
    this.#cells = new Set(cells.map(({ cellId }) => cellId));
    this.#description = describe(store, grid, cells);
    writeWhole(this.#root, this.#description.root);
  }

  /** Writes what has come since the last call. @throws StoreError; errors of the file system: the next call goes on */
  look(): void {
    const { store } = this.#options;
    store.snapshot(() => {
      const { isWhole, changes, last } =
        this.#last < 0
          ? { isWhole: false, changes: [], last: store.lastChange() }
          : store.changesSince(this.#last, mostChanges);
      const changed = isWhole ? new Set(changes.flatMap(({ cellId }) => cellId ?? [])) : this.#cells;
      const cells = store.cellsById([...changed].filter(id => this.#cells.has(id)));
      for (const cell of cells.values()) if (cell.attempts > 0) this.#write(cell);
      this.#last = last;
    });
  }

  #write(cell: StoredResult): void {
    const { store, paths } = this.#options;
    const runs = store.runsOf(cell.cellId);
    const run = runs.at(-1);
    if (run === undefined) return;
    const isOver = stateTable[run.state].over;
    // What it goes on after isn't known before it has started.
    if (run.resumedFromEpoch === null && !isOver) return;
    const folder = join(this.#root, cell.cellId);
    const written = this.#written.get(cell.cellId) ?? this.#read(folder);
    const begun = runs[0]!.startedMs / 1000;
    const records: Buffer[] = written.isEmpty ? beginning(cell, this.#description, begun) : [];
    let { attempt, epoch, isEnded } = written;
    if (attempt < run.attempt) {
      epoch = keptBy(runs, written);
      records.push(restart(run.startedMs / 1000, epoch + 1, `attempt ${run.attempt}`));
      attempt = run.attempt;
      isEnded = false;
    }
    for (const each of epochsAfter(store, cell.cellId, epoch, begun)) {
      records.push(each.record);
      epoch = each.epoch;
    }
    if (isOver && !isEnded) {
      records.push(...ending(cell, this.#description, run.endedMs, picturesOf(paths.cell(cell.cellId))));
      isEnded = true;
    }
    if (records.length > 0) {
      // Of what is written in part only the files know.
      this.#written.delete(cell.cellId);
      appendFileSync(join(folder, fileName), Buffer.concat(records));
    }
    this.#written.set(cell.cellId, { isEmpty: false, attempt, epoch, isEnded });
  }

  /** What is in a file, without a torn end. */
  #read(folder: string): Written {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, fileName);
    let file: Buffer;
    try {
      file = readFileSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      file = Buffer.alloc(0);
    }
    const { length, written } = readWritten(file);
    if (length < file.length) truncateSync(path, length);
    return written;
  }
}

/** The last written epoch that no attempt since has trained again. */
function keptBy(runs: readonly StoredRun[], { attempt, epoch }: Written): number {
  const since = runs.filter(run => run.attempt > attempt);
  return Math.min(epoch, ...since.flatMap(({ resumedFromEpoch }) => resumedFromEpoch ?? []));
}
