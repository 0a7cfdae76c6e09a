/** What a grid's `stopping` block is to spare. */
import type { ExpectedCost } from '../stopping/expected-cost.js';
import { formatDuration } from '../text/times.js';

/** `stopping: 36 configurations, 12 go on after epoch 4, 4 after epoch 10: about 301 of 1080 epochs (28%) …`. */
export function stoppingLines({ configurations, rungs, epochs, seconds }: ExpectedCost): string[] {
  if (rungs.length === 0)
    return [
      'stopping: no rung comes before the last epoch, and no cell is stopped: it costs what it would without the block',
    ];
  const steps = rungs.map(
    ({ epochs: [from, to], goOn }) => `${goOn} go on after epoch ${from === to ? from : `${from}–${to}`}`,
  );
  const time =
    seconds === null
      ? ''
      : `, ${formatDuration(seconds.with)} in place of ${formatDuration(seconds.without)} on one slot`;
  const share = Math.round((100 * epochs.with) / epochs.without);
  return [
    `stopping: of ${configurations} configurations ${steps.join(', ')}: about ${Math.round(epochs.with)} of ${epochs.without} epochs (${share}%)${time}, from the beginning; those within the margin and free slots add to that`,
  ];
}
