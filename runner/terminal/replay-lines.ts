/** What a `stopping` block would have done to grids, a few lines each. */
import type { Saving } from '../stopping/replay.js';
import type { GridReplay } from '../stopping/replay-grid.js';
import { wrapText } from '../text/lines.js';
import { plain } from '../text/names.js';
import { formatNumber } from '../text/numbers.js';
import { formatDuration } from '../text/times.js';

export const replayLines = (replays: readonly GridReplay[], width = Number.POSITIVE_INFINITY): string[] =>
  replays.flatMap(one => linesOf(one).flatMap(line => wrapped(line, width)));

/** Lines that go on stand below the words of the first. */
function wrapped(line: string, width: number): string[] {
  const indent = /^ */.exec(line)![0];
  const inner = Math.max(20, width - indent.length);
  return wrapText(line.trimStart(), inner).map(part => `${indent}${part}`);
}

function linesOf(one: GridReplay): string[] {
  const { grid, cells, configurations, finished, epochs, seconds, rungs, left } = one;
  const others =
    left === 0
      ? ''
      : `; ${counted(left, 'cell')} of configurations that didn’t come to their end ${left === 1 ? 'is' : 'are'} left out`;
  if (cells === 0) return [`${plain(grid)}: no configuration was trained to its end${others}`];
  const head = `${plain(grid)}: ${counted(configurations, 'configuration')} (${counted(cells, 'cell')})`;
  if (rungs.length === 0)
    return [
      `${head}, too short: no rung comes before the last epoch, and nothing would have been stopped; rungs are no earlier than epoch 3, or two epochs after the warm-up, unless --after says so${others}`,
    ];
  return [
    `${head}, ${finished} would have been trained to the end${others}`,
    `  cost: ${saving(epochs, count => `${count}`)} epochs${seconds === null ? '' : `, ${saving(seconds, formatDuration)}`}, without what free slots train on`,
    ...winnerLines(one),
    ...rungs.map(
      ({ epochs: [from, to], goOn, compared, tau }) =>
        `  rung at epoch ${from === to ? from : `${from}–${to}`}: ${goOn} go on; Kendall’s τ of the values there and at the end ${tau === null ? 'can’t be told' : formatNumber(tau)} (${compared})`,
    ),
  ];
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** `301 of 1080 (28%)`. */
const saving = ({ trained, withBlock }: Saving, worded: (amount: number) => string) =>
  `${worded(withBlock)} of ${worded(trained)}${trained === 0 ? '' : ` (${Math.round((100 * withBlock) / trained)}%)`}`;

function winnerLines({ winners, regret, objective }: GridReplay): string[] {
  if (winners === null) return ['  no configuration has a value at its end'];
  const { cells, value, isKept, withinNoise } = winners;
  const name = cells.map(cellId => cellId.slice(0, 8)).join(', ');
  const lost =
    regret === null
      ? 'would have been STOPPED, and none with a value kept'
      : `would have been STOPPED; the best of those kept is ${formatNumber(regret)} behind`;
  const { count, kept } = withinNoise;
  return [
    `  the best by ${plain(objective.metric)}, ${formatNumber(value)} (${name}), ${isKept ? 'would have been kept: regret 0' : lost}`,
    `  within one standard error of it: ${count}, of which ${kept} would have been kept`,
  ];
}
