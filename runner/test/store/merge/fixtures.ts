/** Results folders to merge, and what is in them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { openStore } from '../../../store/open-store.js';
import { ResultsPaths } from '../../../store/run-paths.js';
import type { StoreWriter } from '../../../store/run-store.js';
import { cells, epochsWith, grid, resultsFolder, start } from '../fixtures.js';

export const ids = cells(6).map(({ cellId }) => cellId);

/** A results folder with a grid of six cells, and a checkpoint of each that `work` has run. */
export async function folderWith(
  work: (store: StoreWriter) => void,
  folder = resultsFolder(),
): Promise<string> {
  const store = await openStore(folder);
  store.registerGrid(grid, cells(6));
  work(store);
  const paths = new ResultsPaths(folder);
  for (const cellId of ids) {
    const runs = store.runsOf(cellId);
    if (runs.length === 0) continue;
    const { checkpoints, log, process } = paths.cell(cellId);
    mkdirSync(checkpoints, { recursive: true });
    writeFileSync(join(checkpoints, 'last.safetensors'), `weights ${cellId} ${folder} ${runs.length}`);
    writeFileSync(log, `log of ${folder}`);
    writeFileSync(process, 'a process of another machine');
  }
  store.close();
  return folder;
}

export const interrupt = (store: StoreWriter, cellId: string, accuracies: number[]) => {
  const run = store.startRun(cellId, 'local/cpu0');
  store.recordStarted(run, start);
  for (const epoch of epochsWith(accuracies)) store.recordEpoch(run, epoch);
  store.finishRun(run, { state: 'interrupted' });
};

/** All that views read of a folder, and its files of cells. */
export async function contentOf(folder: string) {
  const store = await openStore(folder, { readOnly: true });
  const read = {
    standings: store.standings(grid.name),
    cells: store
      .storedCells(grid.name)
      .map(({ cellId, state, epochs, attempts }) => [cellId, state, epochs, attempts]),
    runs: ids.map(cellId => [store.runsOf(cellId), store.metricsOf(cellId), store.notesOf(cellId)]),
  };
  store.close();
  return { ...JSON.parse(JSON.stringify(read)), files: filesOf(folder) };
}

export function filesOf(folder: string): Record<string, string> {
  const { cells: root } = new ResultsPaths(folder);
  if (!existsSync(root)) return {};
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map(name => join(root, name))
    .sort();
  return Object.fromEntries(
    files
      .filter(path => statSync(path).isFile())
      .map(path => [relative(root, path), readFileSync(path, 'utf8')]),
  );
}

export const weightsAt = (folder: string, cellId: string, ...aside: string[]) =>
  readFileSync(
    join(new ResultsPaths(folder).cell(cellId).root, ...aside, 'checkpoints', 'last.safetensors'),
    'utf8',
  );

export const asides = (folder: string, cellId: string) => {
  const root = join(new ResultsPaths(folder).cell(cellId).root, 'set-aside');
  return existsSync(root) ? readdirSync(root) : [];
};
