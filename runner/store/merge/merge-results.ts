/** Brings what other results folders have into one: rows of the store and folders of cells. The others are only read. */
import { existsSync } from 'node:fs';
import type { RunSpec } from '../../../trainer/contract/run-spec.js';
import type { MergeReport, MergeResult } from '../../domain/merge-report.js';
import { stateTable } from '../../domain/run-state.js';
import { openAlone, openOther } from '../open-store.js';
import { ResultsPaths } from '../run-paths.js';
import type { Shipped } from '../sqlite/shipped.js';
import type { SqliteReader } from '../sqlite/store-reader.js';
import type { SqliteWriter } from '../sqlite/store-writer.js';
import { asStoreError, isConditionOfMachine, StoreError } from '../store-error.js';
import { withoutRunners } from '../without-runners.js';
import { asideOf, copyAside, copyCell, recoverFiles } from './cell-files.js';
import { compare, contentOf, hasBegun, type Side } from './compare.js';
import { otherResults } from './source.js';

interface MergeOptions {
  prefer?: 'ours' | 'theirs' | undefined;
  onWait?: ((words: string) => void) | undefined;
}

/**
 * Nothing is lost: a cell that another folder is further with is taken, and what was here is set aside; what is less far there is copied
 * aside. Two different results of one cell are left as they are, unless the caller prefers one. Done again, it changes nothing; killed at
 * any moment, it goes on when it is done again.
 *
 * @throws UsageError for what is no other results folder; StoreError `busy` while a grid of one of them runs, `diskFull`, `notWritable`,
 *   `corrupt`, …: what was merged before stays
 */
export async function mergeResults(
  resultsDir: string,
  others: readonly string[],
  { prefer, onWait }: MergeOptions = {},
): Promise<MergeReport[]> {
  const own = new ResultsPaths(resultsDir);
  const named = others.map(folder => ({ folder, paths: otherResults(folder, own) }));
  return withoutRunners(own, { doing: 'merged into', onWait }, async () => {
    // A reader finds what is wrong with a store before anything is changed.
    (await openOther(own)).close();
    for (const { paths } of named) (await openOther(paths)).close();
    recoverFiles(own);
    const store = await openAlone(own);
    const reports: MergeReport[] = [];
    try {
      for (const { folder, paths } of named)
        reports.push(
          await withoutRunners(paths, { doing: 'merged from', onWait, isRead: true }, () =>
            mergeOne(own, store, folder, paths, prefer),
          ),
        );
      store.carryOver();
    } finally {
      store.close();
      recoverFiles(own);
    }
    return reports;
  });
}

async function mergeOne(
  own: ResultsPaths,
  store: SqliteWriter,
  folder: string,
  paths: ResultsPaths,
  prefer: MergeOptions['prefer'],
): Promise<MergeReport> {
  const report: MergeReport = {
    ...{ folder, cells: 0, added: 0, same: 0 },
    ...{ taken: [], kept: [], conflicts: [], problems: [] },
  };
  const other = await openOther(paths);
  try {
    await other.settle({});
    const { shipped } = other;
    refuseRunning(other, shipped, paths);
    for (const grid of shipped.grids()) store.mergeGrid(grid, paths.root);
    for (const { cellId, spec } of shipped.cells()) {
      try {
        mergeCell({ own, store, paths, other, shipped, prefer, report }, cellId, spec);
      } catch (cause) {
        const error = asStoreError(cause, own.cells);
        // A file of theirs that can't be read is of that cell alone.
        const isTheirs = error === cause && !(error instanceof StoreError);
        if (isTheirs) report.problems.push(`cell ${cellId}: ${(error as Error).message}`);
        else throw error;
      }
    }
    return report;
  } catch (error) {
    throw isConditionOfMachine(error) ? error : asStoreError(error, paths.store);
  } finally {
    other.close();
  }
}

interface Merging {
  own: ResultsPaths;
  store: SqliteWriter;
  paths: ResultsPaths;
  other: SqliteReader;
  shipped: Shipped;
  prefer: MergeOptions['prefer'];
  report: MergeReport;
}

function mergeCell(merging: Merging, cellId: string, spec: RunSpec): void {
  const { own, store, paths, other, shipped, prefer, report } = merging;
  const theirs = sideOf(other, shipped, cellId);
  const ours = sideOf(store, store.shipped, cellId);
  const from = paths.cell(cellId);
  const content = contentOf(theirs);
  const isSettled = existsSync(asideOf(own.cell(cellId), content));
  const take = (): string | null => {
    const kept = hasBegun(ours) ? contentOf(ours) : undefined;
    const files = copyCell(own, cellId, from, kept);
    try {
      store.takeCell(cellId, spec, theirs.history, files.put);
    } finally {
      files.end();
    }
    return kept === undefined ? null : asideOf(own.cell(cellId), kept);
  };
  const leave = (): string | null => {
    copyAside(own, cellId, from, content);
    store.takeNotes(cellId, theirs.history.notes);
    const aside = asideOf(own.cell(cellId), content);
    return existsSync(aside) ? aside : null;
  };
  report.cells++;
  const verdict = compare(ours, theirs);
  switch (verdict) {
    case 'new':
      take();
      report.added++;
      return;
    case 'theirs':
      report.taken.push({ cellId, aside: take() });
      return;
    case 'conflict': {
      if (isSettled && prefer !== 'theirs') {
        report.same++;
        return;
      }
      const results = { ours: resultAt(store, cellId), theirs: resultAt(other, cellId) };
      const aside = prefer === 'theirs' ? take() : prefer === 'ours' ? leave() : null;
      report.conflicts.push({
        ...{ cellId, aside, kept: prefer ?? 'ours', isOpen: prefer === undefined },
        ...results,
      });
      return;
    }
    case 'ours':
      if (isSettled) report.same++;
      else report.kept.push({ cellId, aside: leave() });
      return;
    case 'same':
      // What was deleted of the cell here comes back.
      if (hasBegun(theirs) && existsSync(from.root) && !existsSync(own.cell(cellId).root)) {
        const files = copyCell(own, cellId, from, undefined);
        files.put();
        files.end();
      }
      store.takeNotes(cellId, theirs.history.notes);
      report.same++;
  }
}

function sideOf(store: SqliteReader, shipped: Shipped, cellId: string): Side {
  const state = store.cellsById([cellId]).get(cellId)?.state ?? 'queued';
  return { state, history: shipped.history(cellId) };
}

function resultAt(store: SqliteReader, cellId: string): MergeResult {
  const run = store.runsOf(cellId).at(-1);
  const engine = run?.provenance?.engine;
  return {
    value: store.cellsById([cellId]).get(cellId)?.value ?? null,
    weightsHash: run?.weightsHash ?? null,
    engine: engine === undefined ? null : `${engine.name} ${engine.version}`,
    host: run?.host ?? null,
    endedMs: run?.endedMs ?? null,
  };
}

/** Runs of a process that holds no grid. */
function refuseRunning(other: SqliteReader, shipped: Shipped, paths: ResultsPaths): void {
  const ids = shipped.cells().map(({ cellId }) => cellId);
  for (const { cellId, state, holder } of other.cellsById(ids).values())
    if (stateTable[state].held)
      throw new StoreError(
        'busy',
        `${paths.store}: cell ${cellId} is being run${holder === undefined ? '' : ` by ${holder}`}; stop it first, or wait for it`,
      );
}
