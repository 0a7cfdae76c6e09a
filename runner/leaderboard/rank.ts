import { compareValues, type Objective } from '../domain/metric.js';
import type { Standing } from '../domain/stored.js';
import { type Gathered, type GatherOptions, gather } from './gather.js';
import type { LeaderboardRow } from './row.js';
import { canBeToldApart, type Measured } from './told-apart.js';

/**
 * Rows of the leaderboard, best first. Rows in which a cell that is over has a value are ranked: first by the share of cells that
 * are over without one, none of them first, since each counts as worse than any value; then by the mean of the values. The rest
 * follow: those with a value so far, those under way, and last those that are over without any value.
 */
export function rank(
  standings: readonly Standing[],
  objective: Objective,
  options: GatherOptions = {},
): LeaderboardRow[] {
  const byValue = (a: Gathered, b: Gathered) => compareValues(a.row.value, b.row.value, objective.direction);
  const gathered = gather(standings, options);
  const finished = gathered
    .filter(({ isFinished }) => isFinished)
    .sort((a, b) => a.lost - b.lost || byValue(a, b));
  const isDead = ({ row }: Gathered) => Number(row.seedsOpen === 0);
  const unfinished = gathered
    .filter(({ isFinished }) => !isFinished)
    .sort((a, b) => isDead(a) - isDead(b) || byValue(a, b));
  giveRanks(finished, objective);
  return [...finished, ...unfinished].map(({ row }) => row);
}

/** Each row is compared with the first one of the rank before it: 1, 1, 3, … */
function giveRanks(gathered: readonly Gathered[], objective: Objective): void {
  let first = 0;
  let reference: Measured | undefined;
  for (const [place, { row, lost }] of gathered.entries()) {
    const own = measured(row, objective);
    if (reference === undefined || gathered[first]!.lost !== lost || canBeToldApart(reference, own)) {
      first = place;
      reference = own;
    }
    row.rank = first + 1;
  }
}

function measured({ value, std, seeds, validationImages }: LeaderboardRow, { metric }: Objective): Measured {
  const images = metric.endsWith('Accuracy') ? validationImages : null;
  return { mean: value!, std, n: seeds, images };
}
