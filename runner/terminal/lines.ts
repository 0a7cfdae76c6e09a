/** The lines of the live view: pure functions of the reading and the width. */
import { describeFailure, reasonOf } from '../domain/failure-words.js';
import type { RunProgress } from '../readings/progress.js';
import { fitLine, wrapText } from '../text/lines.js';
import { cellName, shortId, slotName } from '../text/names.js';
import { formatNumber } from '../text/numbers.js';
import { clockTime, formatDuration } from '../text/times.js';

/** `12 of 40 done  2 failed  2 running  24 queued  1 h 5 min left (at 14:32)`. */
export function totalsLine(
  progress: Omit<RunProgress, 'slots' | 'runner'>,
  width: number,
  now: number = Date.now(),
): string {
  const { completed, failed, interrupted, running, queued, total, secondsLeft, stopping } = progress;
  const before = progress.completedBefore > 0 ? `${progress.completedBefore} done before` : '';
  const finish =
    secondsLeft === undefined || stopping !== null || queued + running === 0
      ? ''
      : `${formatDuration(secondsLeft)} left`;
  const clock = finish === '' ? '' : `until ${clockTime(now + secondsLeft! * 1000)}`;
  return fitLine(
    [
      { text: `${completed} of ${total} done`, weight: 9 },
      { text: failed > 0 ? `${failed} failed` : '', weight: 8 },
      { text: interrupted > 0 ? `${interrupted} interrupted` : '', weight: 5 },
      { text: `${running} running`, weight: 4 },
      { text: `${queued} queued`, weight: 6 },
      { text: before, weight: 2 },
      { text: finish, weight: 7 },
      { text: clock, weight: 3 },
    ],
    width,
  );
}

/** `best validationAccuracy 0.9731  resnet18 · adamw  epoch 7`; empty before the first value. */
export function bestLine(
  { best, objective }: Pick<RunProgress, 'best' | 'objective'>,
  width: number,
): string {
  if (best === null) return '';
  return fitLine(
    [
      { text: 'best', weight: 8 },
      { text: objective.metric, weight: 3 },
      { text: formatNumber(best.value), weight: 9 },
      { text: cellName(best.cellId, best.labels), weight: 6 },
      { text: shortId(best.cellId), weight: 4 },
      { text: `epoch ${best.epoch}`, weight: 5 },
    ],
    width,
  );
}

/** The lines under the totals: the best cell, what went wrong last, warnings, and that the end is near; each where there is one. */
export function linesBelow(progress: RunProgress, width: number): string[] {
  const lines = [
    bestLine(progress, width),
    ...[problemOf(progress), warningOf(progress)].map(text => fitLine([{ text, weight: 1 }], width)),
    ...wrapText(stoppingOf(progress), width),
  ];
  return lines.filter(line => line !== '');
}

/** The last failed run, or the last slot that was taken out of use since. */
function problemOf({ slots, lastFailure }: RunProgress): string {
  const problems = slots.flatMap(({ slot, state, trouble }) =>
    state === 'benched' && trouble !== null
      ? {
          timeMs: trouble.sinceMs,
          text: `${slotName(slot.slotId)} is out of use: ${reasonOf(trouble.reason)}`,
        }
      : [],
  );
  if (lastFailure !== null) {
    const { cellId, failure, timeMs } = lastFailure;
    problems.unshift({ timeMs, text: `${shortId(cellId)} ${describeFailure(failure)}` });
  }
  return problems.sort((a, b) => a.timeMs - b.timeMs).at(-1)?.text ?? '';
}

function warningOf({ warnings, lastWarning }: RunProgress): string {
  if (lastWarning === null) return '';
  const { cellId, text } = lastWarning;
  return `${warnings} warning${warnings === 1 ? '' : 's'}: ${shortId(cellId)} ${reasonOf(text)}`;
}

/** What happens after a signal; empty before. */
function stoppingOf({ stopping }: RunProgress): string {
  if (stopping === 'drain') return drainMessage;
  return stopping === 'kill' ? killMessage : '';
}

export const drainMessage =
  'Finishing the running epochs, then stopping; press Ctrl-C again to stop now (only the unfinished epochs are lost)';
export const killMessage = 'Stopping now; `grid run` goes on from the last finished epochs';
