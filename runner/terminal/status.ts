/** How far grids are: from the store alone, so that it is true of runs of other processes too. */
import { describeFailure } from '../domain/failure-words.js';
import type { FailureClass, RunState } from '../domain/run.js';
import { runStates } from '../domain/run.js';
import type { Labels } from '../domain/stored.js';
import type { StoreReader } from '../store/run-store.js';
import { cellName, shortId } from '../text/names.js';
import { warningLines } from './warning-lines.js';

export interface GridStatus {
  grid: string;
  counts: Record<RunState, number>;
  running: { cell: string; labels: Labels; epoch: number; epochs: number; slot: string; holder: string }[];
  failed: { cell: string; labels: Labels; failure: FailureClass; message: string; attempts: number }[];
  /** What the trainers of the cells' last runs warned of: the first different ones of each cell. */
  warnings: { cell: string; labels: Labels; text: string; count: number }[];
  /** Interrupted by a condition of the machine: they go on when it is over. */
  heldUp: { cell: string; labels: Labels; failure: FailureClass; message: string }[];
}

export function gridStatus(store: StoreReader, grid: string): GridStatus {
  const counts = store.countsByState(grid);
  const warnings = store.warningsOf(grid).map(({ cellId, ...warning }) => ({ cell: cellId, ...warning }));
  const status: GridStatus = { grid, counts, running: [], failed: [], heldUp: [], warnings };
  if (counts.running + counts.failed + counts.interrupted === 0) return status;
  for (const {
    cellId: cell,
    labels,
    present,
    state,
    epochs,
    spec,
    attempts,
    holder,
    failure,
  } of store.storedCells(grid)) {
    if (!present) continue;
    if (state === 'running') {
      const slot = store.runsOf(cell).at(-1)?.slotId ?? '';
      status.running.push({
        cell,
        labels,
        epoch: epochs,
        epochs: spec.train.epochs,
        slot,
        holder: holder ?? '',
      });
    } else if (state === 'failed') {
      const message = failure?.message ?? '';
      status.failed.push({ cell, labels, failure: failure?.class ?? 'crash', message, attempts });
    } else if (failure !== undefined)
      status.heldUp.push({ cell, labels, failure: failure.class, message: failure.message });
  }
  return status;
}

export function statusLines(statuses: readonly GridStatus[]): string[] {
  if (statuses.length === 0) return ['no results yet; `grid run FILE` makes some'];
  return statuses.flatMap(({ grid, counts, running, failed, heldUp, warnings }) => {
    const total = runStates.reduce((sum, state) => sum + counts[state], 0);
    const shown = runStates.filter(state => counts[state] > 0 && state !== 'completed');
    const others = shown.map(state => `, ${counts[state]} ${state}`).join('');
    return [
      `${grid}: ${counts.completed} of ${total} cells completed${others}`,
      ...running.map(
        ({ cell, labels, epoch, epochs, slot, holder }) =>
          `  ${shortId(cell)} ${cellName(cell, labels)}: epoch ${Math.min(epoch + 1, epochs)}/${epochs} on ${slot} (${holder})`,
      ),
      ...[...failed, ...heldUp].map(
        ({ cell, labels, failure, message }) =>
          `  ${shortId(cell)} ${cellName(cell, labels)}: ${describeFailure({ class: failure, message })}`,
      ),
      ...warningLines(warnings.map(({ cell, ...warning }) => ({ cellId: cell, ...warning }))),
    ];
  });
}
