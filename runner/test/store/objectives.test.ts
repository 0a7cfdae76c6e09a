/** Objectives are no part of a cell: grids rank the same cells by their own, and older stores' ids are carried over. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ownIdentity } from '../../../trainer/files/process-identity.js';
import { benchCells, started } from '../../bench/fixtures/bench-grid.js';
import type { CellRecord, GridRecord } from '../../domain/stored.js';
import { cellIdOf, formerCellIdOf } from '../../grid/identity/cell-id.js';
import { openStore } from '../../store/open-store.js';
import { rebuildStore } from '../../store/rebuild-store.js';
import { ResultsPaths } from '../../store/run-paths.js';
import type { StoreWriter } from '../../store/run-store.js';
import { ownerOf } from '../../store/sqlite/leases.js';
import { defaultDriver } from '../../store/sqlite/sqlite.js';
import { grid, resultsFolder } from './fixtures.js';

const byLoss = { metric: 'validationLoss', direction: 'minimize' } as const;
const byAccuracy = { metric: 'validationAccuracy', direction: 'maximize' } as const;
const lossGrid: GridRecord = { ...grid, name: 'by loss', objective: byLoss };
const accuracyGrid: GridRecord = { ...grid, name: 'by accuracy', objective: byAccuracy };

const withObjective = (cells: readonly CellRecord[], objective: GridRecord['objective']): CellRecord[] =>
  cells.map(cell => ({ ...cell, spec: { ...cell.spec, objective } }));

/** The best accuracy is in the second epoch, the lowest loss in the first and, as good, in the third. */
const history = [
  [0.5, 0.4],
  [0.9, 0.7],
  [0.8, 0.4],
].map(([validationAccuracy, validationLoss], i) => ({
  epoch: i + 1,
  step: i + 1,
  metrics: {
    validationAccuracy: validationAccuracy!,
    validationLoss: validationLoss!,
    trainLoss: 0.1 * (i + 1),
    trainAccuracy: 0.95,
    seconds: 1,
  },
}));

function train(store: StoreWriter, cellId: string, epochs = 3): void {
  const run = store.startRun(cellId, 'local/cpu0');
  store.recordStarted(run, started);
  for (const record of history.slice(0, epochs)) store.recordEpoch(run, record);
  store.finishRun(run, { state: 'completed', weightsHash: 'abc' });
}

const seen = (store: Pick<StoreWriter, 'storedCells' | 'standings' | 'bestCell'>, name: string) => {
  const [cell] = store.storedCells(name);
  const [standing] = store.standings(name);
  return [
    cell!.value,
    cell!.bestEpoch,
    cell!.spec.objective.metric,
    standing!.values[0],
    standing!.bestEpoch,
    standing!.lastValue,
    standing!.trainValue,
    store.bestCell(name)!.epoch,
  ];
};
const asLoss = [0.4, 1, 'validationLoss', 0.4, 1, 0.4, 0.1, 1];
const asAccuracy = [0.9, 2, 'validationAccuracy', 0.9, 2, 0.8, 0.95, 2];

test('two grids rank the same cell by their own objectives, whichever trained it or was registered last', async () => {
  const cells = benchCells(1);
  const id = cells[0]!.cellId;
  for (const [first, second] of [
    [accuracyGrid, lossGrid],
    [lossGrid, accuracyGrid],
  ] as const) {
    const store = await openStore(resultsFolder());
    store.registerGrid(first, withObjective(cells, first.objective));
    train(store, id);
    store.registerGrid(second, withObjective(cells, second.objective));
    expect(seen(store, 'by loss')).toEqual(asLoss);
    expect(seen(store, 'by accuracy')).toEqual(asAccuracy);
    // While it runs, another grid asks for it by another objective.
    const run = store.startRun(id, 'local/cpu0');
    store.recordStarted(run, { ...started, resumedFromEpoch: 0, history: [] });
    store.recordEpoch(run, history[0]!);
    store.registerGrid(first, withObjective(cells, first.objective));
    for (const record of history.slice(1)) store.recordEpoch(run, record);
    expect(seen(store, 'by loss')).toEqual(asLoss);
    expect(seen(store, 'by accuracy')).toEqual(asAccuracy);
    store.close();
  }
});

/** A folder as it was while the objective was a part of the ids: a store of that version, folders, and the grids' files. */
async function formerFolder(made: readonly { grid: GridRecord; epochs: number }[]) {
  const folder = resultsFolder();
  const paths = new ResultsPaths(folder);
  const [{ labels, spec }] = benchCells(1) as [CellRecord];
  const store = await openStore(folder);
  const ids = made.map(({ grid, epochs }) => {
    const settings = { ...spec, objective: grid.objective };
    const cellId = formerCellIdOf(settings);
    store.registerGrid(grid, [{ cellId, labels, spec: settings }]);
    train(store, cellId, epochs);
    store.addNote(cellId, 'mine');
    const { root, checkpoints, runSpec } = paths.cell(cellId);
    mkdirSync(checkpoints, { recursive: true });
    writeFileSync(runSpec, JSON.stringify(settings));
    writeFileSync(join(root, 'of'), cellId);
    return cellId;
  });
  store.close();
  const { DatabaseSync } = await defaultDriver();
  const database = new DatabaseSync(paths.store);
  const since7 = {
    runs: ['ref', 'fence', 'trainer_sources', 'memory_megabytes', 'gpu_megabytes'],
    cells: ['former_id', 'objective_metric', 'objective_direction', 'rung'],
    control: ['file'],
  };
  database.exec(
    'DROP TABLE notices; DROP INDEX former_ids; DROP INDEX cells_by_objective; PRAGMA user_version = 7',
  );
  for (const [table, columns] of Object.entries(since7))
    for (const column of columns) database.exec(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  database.close();
  const ofFolder = (cellId: string) => readFileSync(join(paths.cell(cellId).root, 'of'), 'utf8');
  return { folder, paths, ids, today: cellIdOf({ ...spec, objective: byLoss }), ofFolder };
}

describe('a store whose ids are hashes of the objective, too', () => {
  const open = {
    reader: (folder: string) => openStore(folder, { readOnly: true }),
    writer: (folder: string) => openStore(folder),
  };

  test.each(Object.entries(open))(
    'is carried over by a %s, folders and files of grids too',
    async (_, openIt) => {
      const { folder, paths, ids, today, ofFolder } = await formerFolder([{ grid: lossGrid, epochs: 3 }]);
      expect(ids[0]).not.toBe(today);
      const store = await openIt(folder);
      expect(store.storedCells('by loss')).toMatchObject([
        { cellId: today, epochs: 3, value: 0.4, bestEpoch: 1 },
      ]);
      expect(store.metricsOf(today)).toEqual(history);
      expect(store.notesOf(today).map(({ text }) => text)).toEqual(['mine']);
      store.close();
      expect(ofFolder(today)).toBe(ids[0]);
      // Who names it by its former id finds its files.
      expect(ofFolder(ids[0]!)).toBe(ids[0]);
      expect(readFileSync(paths.gridFile('by loss'), 'utf8')).toContain(today);
      const again = await openStore(folder);
      expect(again.storedCells('by loss').map(({ cellId }) => cellId)).toEqual([today]);
      again.close();
    },
  );

  test('is carried over after a crash that had renamed the folder only', async () => {
    const { folder, paths, ids, today, ofFolder } = await formerFolder([{ grid: lossGrid, epochs: 3 }]);
    renameSync(paths.cell(ids[0]!).root, paths.cell(today).root);
    const store = await openStore(folder);
    expect(store.findCell(today).epochs).toBe(3);
    store.close();
    expect(ofFolder(today)).toBe(ids[0]);
  });

  test('is left alone while one of its cells runs', async () => {
    const { folder, ids, today } = await formerFolder([{ grid: lossGrid, epochs: 1 }]);
    const { DatabaseSync } = await defaultDriver();
    const database = new DatabaseSync(new ResultsPaths(folder).store);
    database.exec("UPDATE runs SET state = 'running'");
    database
      .prepare('INSERT INTO leases (cell, run, owner, fence, expires_ms) VALUES (1, 1, ?, 1, ?)')
      .run(ownerOf(ownIdentity()), Date.now() + 60_000);
    database.close();
    const running = await openStore(folder, { readOnly: true });
    expect(running.storedCells('by loss').map(({ cellId }) => cellId)).toEqual([ids[0]]);
    running.close();
    const later = new DatabaseSync(new ResultsPaths(folder).store);
    later.exec(`UPDATE runs SET state = 'interrupted'; DELETE FROM leases`);
    later.close();
    const store = await openStore(folder);
    expect(store.storedCells('by loss').map(({ cellId }) => cellId)).toEqual([today]);
    store.close();
  });

  test.each([
    ['the one of the default objective', 3, 2],
    ['the other one', 2, 3],
  ])(
    'of two cells that are one now, %s stays if it was trained further',
    async (_, accuracyEpochs, lossEpochs) => {
      const { folder, paths, ids, today, ofFolder } = await formerFolder([
        { grid: accuracyGrid, epochs: accuracyEpochs },
        { grid: lossGrid, epochs: lossEpochs },
      ]);
      const store = await openStore(folder);
      const kept = ids[accuracyEpochs > lossEpochs ? 0 : 1]!;
      for (const name of ['by loss', 'by accuracy'])
        expect(store.storedCells(name)).toMatchObject([{ cellId: today, epochs: 3, present: true }]);
      expect(seen(store, 'by loss')).toEqual(asLoss);
      expect(seen(store, 'by accuracy')).toEqual(asAccuracy);
      expect(ofFolder(today)).toBe(kept);
      // The other one is in no grid, and all that it had is there.
      const note = store.notesOf(today).at(-1)!.text;
      const aside = kept === today ? ids[1]! : `${today}-aside`;
      expect(note).toContain(aside);
      expect(note).toContain(paths.cell(aside).root);
      expect(store.cellsById([aside]).get(aside)!.epochs).toBe(2);
      expect(store.gridsOf(aside)).toEqual([]);
      expect(ofFolder(aside)).toBe(ids.find(id => id !== kept));
      store.close();
    },
  );

  test('is found when the store is made anew from its folders', async () => {
    const { folder, paths, today, ofFolder, ids } = await formerFolder([{ grid: lossGrid, epochs: 3 }]);
    await rebuildStore(folder);
    expect(existsSync(paths.cell(today).root)).toBe(true);
    await rebuildStore(folder);
    const store = await openStore(folder, { readOnly: true });
    expect(store.grids().map(({ name }) => name)).toEqual(['by loss']);
    expect(store.storedCells('by loss')).toMatchObject([{ cellId: today, epochs: 3, value: 0.4 }]);
    expect(ofFolder(today)).toBe(ids[0]);
    store.close();
  });
});
