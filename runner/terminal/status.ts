/** How far grids are, in words. */
import { describeFailure } from '../domain/failure-words.js';
import { runStates } from '../domain/run-state.js';
import type { GridStatus } from '../readings/status.js';
import { cellName, shortId } from '../text/names.js';
import { warningLines } from './warning-lines.js';

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
      ...warningLines(warnings),
    ];
  });
}
