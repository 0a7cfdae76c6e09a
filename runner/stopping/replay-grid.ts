/** The same of a grid of the store. */
import type { Objective } from '../domain/metric.js';
import { isWhole } from '../domain/run-state.js';
import type { Stopping } from '../domain/stopping.js';
import type { StoredResult } from '../domain/stored.js';
import type { StoreReader } from '../store/run-store.js';
import { type Replay, replay } from './replay.js';
import { stoppableCell } from './stoppable-cells.js';
import { readRows } from './stored-rows.js';

export interface GridReplay extends Replay {
  grid: string;
  objective: Objective;
  /** Cells of configurations that are left out, since not all their seeds have come to their end. */
  left: number;
}

/** Axes of a grid's cells with their labels, as the store has them. */
export function storedAxes(cells: readonly Pick<StoredResult, 'labels'>[]): Map<string, Set<string>> {
  const axes = new Map<string, Set<string>>();
  for (const { labels } of cells)
    for (const [axis, label] of Object.entries(labels))
      axes.set(axis, (axes.get(axis) ?? new Set()).add(label));
  return axes;
}

/** Of the configurations all of whose cells were trained to their end, or failed by a fault of their own. */
export function replayGrid(store: StoreReader, grid: string, stopping: Stopping): GridReplay {
  const { objective } = store.grid(grid);
  const stored = store.storedCells(grid).filter(({ present }) => present);
  const ids = stored.map(({ cellId }) => cellId);
  const rows = readRows(store, ids, objective.metric);
  const all = stored.map(cell => ({
    isDone: isWhole(cell.state) || rows.get(cell.cellId)!.hasFailed,
    cell: stoppableCell(cell, objective, measuringOf(store, cell.cellId)),
  }));
  const open = new Set(all.flatMap(({ isDone, cell }) => (isDone ? [] : cell.family)));
  const cells = all.map(({ cell }) => cell).filter(({ family }) => !open.has(family));
  const seconds = store.medianEpochSeconds(ids);
  return {
    grid,
    objective,
    left: all.length - cells.length,
    ...replay(stopping, objective, cells, rows, seconds),
  };
}

/** How many images of each class there are isn't stored: as if all were alike. */
function measuringOf(store: StoreReader, cellId: string) {
  const run = store.runsOf(cellId).findLast(({ classes }) => classes !== null);
  if (run === undefined) return undefined;
  return { images: run.validationImages, classes: run.classes, largestShare: 1 / run.classes! };
}
