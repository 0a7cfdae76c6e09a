/** A slot with its cell, in one line or two. */
import { reasonOf } from '../domain/failure-words.js';
import type { CellProgress, SlotReading } from '../readings/slots.js';
import { progressBar } from '../text/bar.js';
import { type Field, fitLine } from '../text/lines.js';
import { cellName, shortId, slotName } from '../text/names.js';
import { formatNumber } from '../text/numbers.js';
import { clockTime, formatShortDuration } from '../text/times.js';
import { fitToWidth } from '../text/width.js';

const barColumns = 6;
/** In one line of so many columns there is room for all that is told of a usual cell. */
const wideColumns = 110;

/**
 * `cpu0  resnet18 · adamw  epoch 3/10  ██▋░░░ 45%  now 0.9614  best 0.9712  812 img/s  4m05s left  loss 0.412`; where that is too wide
 * and `mayWrap`, a running cell's figures are a line of their own. The least important ones are left out where there is no room.
 */
export function slotLines(reading: SlotReading, width: number, mayWrap = false): string[] {
  const { slot, state, trouble, cell, runs } = reading;
  const name = slotName(slot.slotId);
  if (trouble !== null) {
    const what = state === 'benched' ? 'out of use' : 'waits';
    const start = `${name}  ${what} since ${clockTime(trouble.sinceMs)}`;
    return [fitToWidth(`${start}: ${reasonOf(trouble.reason)}`, width, 'left').trimEnd()];
  }
  if (cell === null) {
    const ended = runs === 0 ? '' : ` after ${runs} run${runs === 1 ? '' : 's'}`;
    const does = { text: `${state === 'drained' ? 'drained' : 'idle'}${ended}`, weight: 8 };
    return [fitLine([{ text: name, weight: 9 }, does], width)];
  }
  const own = { text: name, weight: 9 };
  const remarks = remarksOf(cell);
  if (!mayWrap || width >= wideColumns) return [named(own, cell, [...figuresOf(cell), ...remarks], width)];
  return [named(own, cell, remarks, width), fitLine(figuresOf(cell), width)];
}

/** Labels that don't fit give way to the id, so that the line always names its cell if it can. */
function named(own: Field, cell: CellProgress, others: readonly Field[], width: number): string {
  const labels = cellName(cell.cellId, cell.labels);
  const line = fitLine([own, { text: labels, weight: 6.5 }, ...others], width);
  if (line.includes(labels)) return line;
  return fitLine([own, { text: shortId(cell.cellId), weight: 5.5 }, ...others], width);
}

function figuresOf(cell: CellProgress): Field[] {
  const { epoch, epochs, progress, loss, now, best, imagesPerSecond, secondsLeft } = cell;
  const percent = progress === null ? '' : ` ${Math.floor(progress * 100)}%`;
  return [
    { text: `epoch ${Math.min(epoch + 1, epochs)}/${epochs}`, weight: 8 },
    { text: `${progressBar(progress ?? 0, barColumns)}${percent}`, weight: 5 },
    { text: now === null ? '' : `now ${formatNumber(now)}`, weight: 6 },
    { text: best === null ? '' : `best ${formatNumber(best)}`, weight: 7 },
    { text: imagesPerSecond === null ? '' : `${Math.round(imagesPerSecond)} img/s`, weight: 3 },
    { text: secondsLeft === null ? '' : `${left(secondsLeft)} left`, weight: 4 },
    { text: loss === null ? '' : `loss ${formatNumber(loss)}`, weight: 2 },
  ];
}

const left = (seconds: number) => (seconds < 59.5 ? `${Math.round(seconds)}s` : formatShortDuration(seconds));

const remarksOf = ({ attempt, warnings }: CellProgress): Field[] => [
  { text: attempt > 1 ? `run ${attempt}` : '', weight: 1 },
  { text: warnings === 0 ? '' : `⚠ ${warnings} warning${warnings === 1 ? '' : 's'}`, weight: 2.5 },
];
