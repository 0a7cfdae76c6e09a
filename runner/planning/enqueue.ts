import { GridfarmError } from '../domain/error.js';
import type { QueuedCell } from '../domain/plan.js';
import type { StoreWriter } from '../store/run-store.js';
import { gridRecord } from './grid-record.js';
import type { GridPlan } from './plan-grid.js';
import type { NamedGrid } from './prepared-grid.js';
import { queueOf } from './queue.js';
import { staleReasonsOf } from './stale-reasons.js';

/**
 * Writes down that a grid is run as planned: its cells, why some are stale, the note on those that will be trained.
 *
 * @param note in place of the grid file's
 * @returns the cells to run
 * @throws GridfarmError `environment` if cells need an engine, and none comes up
 */
export function enqueue(
  { grid, cells: expanded }: NamedGrid,
  plan: GridPlan,
  store: StoreWriter,
  note: string | undefined,
): QueuedCell[] {
  const needsEngine = plan.cells.some(({ cell, action }) => action === 'run' && cell.spec.trainer === null);
  if (plan.engineProblem !== undefined && needsEngine)
    throw new GridfarmError('environment', plan.engineProblem);
  const cells = plan.cells.map(({ cell }) => cell);
  const cellIds = cells.map(({ cellId }) => cellId);
  store.registerGrid(gridRecord(grid, expanded), cells);
  store.markStale(cellIds, staleReasonsOf(plan));
  const stored = store.cellsById(cellIds);
  const queue = queueOf(plan, cellId => stored.get(cellId)?.priority ?? 0);
  const queued = queue.filter(({ isPaused }) => !isPaused).map(({ cell }) => cell.cellId);
  // What is expected is kept with what is yet to be trained: afterwards it would be none.
  const words = [note ?? grid.note, ...grid.expect].filter(text => text !== '').join('; ');
  if (note !== undefined) for (const cellId of queued) store.addNote(cellId, words);
  else if (words !== '') store.addFileNote(queued, words);
  return queue;
}
