import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import type { RunSpec } from '../../trainer/contract/run-spec.js';
import type { Labels } from '../domain/stored.js';
import { readCellFolder } from './cell-folder.js';
import { openStoreFile } from './open-store.js';
import { ResultsPaths } from './run-paths.js';
import { readGridFiles } from './sqlite/grid-files.js';
import { rebuiltGrid } from './sqlite/register-grid.js';
import type { SqliteWriter } from './sqlite/store-writer.js';
import { withoutRunners } from './without-runners.js';

export interface RebuildReport {
  cells: number;
  epochs: number;
  /** Where the old store is now; null where there was none. */
  oldStore: string | null;
  /** Folders that are left out, each with its reason. */
  problems: string[];
}

/**
 * Makes a new store from the folders of the results: grids with their cells and labels from `grids/`, runs, epochs, failures and notes
 * from the cells' records. Of cells from before there were records it has the RunSpec and the epochs of the newest
 * checkpoint. The old store is moved aside once the new one is complete, never removed.
 *
 * @throws StoreError `busy` while a grid is being run; `notWritable`, `diskFull`: then the old one stays in place.
 */
export async function rebuildStore(
  resultsDir: string,
  onWait?: (words: string) => void,
): Promise<RebuildReport> {
  const paths = new ResultsPaths(resultsDir);
  return withoutRunners(paths, { onWait }, () => replaceStore(paths));
}

async function replaceStore(paths: ResultsPaths): Promise<RebuildReport> {
  removeStore(paths.rebuiltStore);
  const store = await openStoreFile(paths, paths.rebuiltStore);
  let found: Omit<RebuildReport, 'oldStore'>;
  try {
    found = readCells(paths, store);
  } finally {
    store.close();
  }
  const oldStore = existsSync(paths.store) ? paths.damagedStore(new Date()) : null;
  if (oldStore !== null) moveStore(paths.store, oldStore);
  moveStore(paths.rebuiltStore, paths.store);
  return { ...found, oldStore };
}

/** SQLite's write-ahead log and its index lie beside the file and belong to it. */
const parts = ['-wal', '-shm', ''];

function moveStore(from: string, to: string): void {
  for (const part of parts) if (existsSync(from + part)) renameSync(from + part, to + part);
}

function removeStore(path: string): void {
  for (const part of parts) rmSync(path + part, { force: true });
}

function readCells(paths: ResultsPaths, store: SqliteWriter): Omit<RebuildReport, 'oldStore'> {
  const report = { cells: 0, epochs: 0, problems: [] as string[] };
  const inGrids = new Map<string, RunSpec>();
  for (const { grid, cells } of readGridFiles(paths, message => report.problems.push(message))) {
    store.restoreGrid(grid, cells);
    for (const { cellId, spec } of cells) inGrids.set(cellId, spec);
  }
  // Links are former ids of cells that are there, too.
  const folders = existsSync(paths.cells)
    ? readdirSync(paths.cells, { withFileTypes: true })
        .filter(entry => !entry.isSymbolicLink())
        .map(({ name }) => name)
        .sort()
    : [];
  const read = folders.flatMap(cellId => {
    try {
      return [
        {
          cellId,
          ...readCellFolder(paths.cell(cellId), inGrids.get(cellId), words => report.problems.push(words)),
        },
      ];
    } catch (error) {
      report.problems.push((error as Error).message);
      return [];
    }
  });
  const others = read.filter(({ cellId }) => !inGrids.has(cellId));
  if (others.length > 0)
    store.registerGrid(
      {
        name: rebuiltGrid,
        description: 'Cells from the results folder; running their grids again moves them there',
        file: '',
        objective: others[0]!.spec.objective,
        hash: '',
      },
      others.map(({ cellId, spec }) => ({ cellId, labels: labelsOf(spec), spec })),
    );
  for (const { cellId, spec, checkpoint, record } of read) {
    report.cells++;
    if (record !== undefined) {
      // After a power cut the trainer's own files may be ahead.
      const isAhead = checkpoint !== undefined && checkpoint.epoch > (record.epochs.at(-1)?.epoch ?? 0);
      const epochs = isAhead ? checkpoint.history : record.epochs;
      store.restoreCell(cellId, { ...record, epochs });
      report.epochs += epochs.length;
      continue;
    }
    if (checkpoint === undefined) continue;
    const { history, provenance, weightsHash, epoch } = checkpoint;
    const run = store.startRun(cellId, 'rebuilt');
    store.recordStarted(run, {
      provenance,
      resumedFromEpoch: epoch,
      history,
      parameters: null,
      trainImages: null,
      validationImages: null,
      classes: null,
    });
    store.finishRun(
      run,
      epoch >= spec.train.epochs ? { state: 'completed', weightsHash } : { state: 'interrupted' },
    );
    report.epochs += history.length;
  }
  store.carryOver();
  return report;
}

/** The grid's own labels are lost with the store. */
function labelsOf({ model, optimizer, scheduler, seed }: RunSpec): Labels {
  return {
    model: model.name,
    optimizer: optimizer.name,
    scheduler: scheduler.name,
    seed: String(seed),
  };
}
