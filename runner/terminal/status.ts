/** How far grids are, in words. */
import { describeFailure } from '../domain/failure-words.js';
import { isWhole, runStates } from '../domain/run-state.js';
import type { RunProgress } from '../readings/progress.js';
import type { GridStatus } from '../readings/status.js';
import { cellName, shortId } from '../text/names.js';
import { linesBelow, totalsLine } from './lines.js';
import { slotLines } from './slot-lines.js';
import { warningLines } from './warning-lines.js';

/**
 * @param liveWidth columns for the picture of grids that are running, as their runner shows it; without: their cells in short
 */
export function statusLines(statuses: readonly GridStatus[], liveWidth?: number): string[] {
  if (statuses.length === 0) return ['no results yet; `grid run FILE` makes some'];
  return statuses.flatMap(({ grid, counts, running, failed, heldUp, warnings, live }) => {
    const picture = liveWidth === undefined ? null : live;
    const onSlots = new Set(picture?.slots.map(({ cell }) => cell?.cellId));
    const total = runStates.reduce((sum, state) => sum + counts[state], 0);
    const shown = runStates.filter(state => counts[state] > 0 && !isWhole(state));
    const others = shown.map(state => `, ${counts[state]} ${state}`).join('');
    return [
      `${grid}: ${counts.completed} of ${total} cells completed${others}`,
      ...(picture === null ? [] : liveLines(picture, liveWidth! - 2).map(line => `  ${line}`)),
      ...running
        .filter(({ cell }) => !onSlots.has(cell))
        .map(
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

/** The picture that the runner's own terminal shows. */
const liveLines = (live: RunProgress, width: number): string[] => [
  ...live.slots.flatMap(slot =>
    slotLines(slot, width - 2, true).map((line, i) => (i > 0 ? `  ${line}` : line)),
  ),
  totalsLine(live, width),
  ...linesBelow(live, width),
];
