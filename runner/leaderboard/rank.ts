import { compareValues, type Objective } from '../domain/metric.js';
import type { Standing } from '../domain/stored.js';
import { rankSets } from '../statistics/rank-sets.js';
import { shrunkMeans } from '../statistics/shrinkage.js';
import { byBudget } from './budget.js';
import { type Gathered, type GatherOptions, gather } from './gather.js';
import { describeNoise, measure } from './noise.js';
import type { Block, LeaderboardRow } from './row.js';

/**
 * Rows of the leaderboard, best first, in blocks of equal budgets. Rows in which a cell that is over has a value are ranked within
 * their block: first by the share of cells that are over without one, none of them first, since each counts as worse than any
 * value; then by the mean of the values. The rest follow, in no block: those with a value so far, those under way, and last those
 * that are over without any value.
 */
export function rank(
  standings: readonly Standing[],
  objective: Objective,
  options: GatherOptions = {},
): { rows: LeaderboardRow[]; blocks: Block[] } {
  const byValue = (a: Gathered, b: Gathered) => compareValues(a.row.value, b.row.value, objective.direction);
  const gathered = gather(standings, options);
  const isDead = ({ row }: Gathered) => Number(row.seedsOpen === 0);
  const unfinished = gathered
    .filter(({ budget }) => budget === null)
    .sort((a, b) => isDead(a) - isDead(b) || byValue(a, b));
  const blocks = inBlocks(gathered).map(block => block.sort((a, b) => a.lost - b.lost || byValue(a, b)));
  return {
    blocks: blocks.map(block => describe(block, objective)),
    rows: [...blocks.flat(), ...unfinished].map(({ row }) => row),
  };
}

function inBlocks(gathered: readonly Gathered[]): Gathered[][] {
  const blocks = new Map<string, Gathered[]>();
  for (const each of gathered) {
    if (each.budget === null) continue;
    const block = blocks.get(each.budget.words);
    if (block === undefined) blocks.set(each.budget.words, [each]);
    else block.push(each);
  }
  return [...blocks.values()].sort((a, b) => byBudget(a[0]!.budget!, b[0]!.budget!));
}

/** Gives the rows of a block their ranks, and says what they rest on. */
function describe(block: readonly Gathered[], objective: Objective): Block {
  const { words, isRanked } = block[0]!.budget!;
  const { noise, estimates, errors } = measure(block, objective);
  const shrunk =
    errors === null
      ? null
      : shrunkMeans(
          block.map(({ row }) => row.value!),
          errors,
        );
  for (const [i, { row }] of block.entries()) {
    row.budget = words;
    row.shrunk = shrunk?.[i] ?? null;
  }
  if (isRanked) giveRanks(block, estimates);
  const best = isRanked ? block[0]!.row : null;
  return {
    budget: words,
    rows: block.length,
    isRanked,
    mayWin: block.reduce((count, { row }) => count + Number(row.mayWin), 0),
    best: best && { value: best.value!, shrunk: best.shrunk },
    noise,
    noiseWords: describeNoise(noise),
  };
}

/** Rows are compared with those that lost the same share of seeds: of all others the rank is sure. */
function giveRanks(
  block: readonly Gathered[],
  estimates: readonly Parameters<typeof rankSets>[0][number][],
): void {
  for (let from = 0; from < block.length; ) {
    let to = from + 1;
    while (to < block.length && block[to]!.lost === block[from]!.lost) to++;
    const sets = rankSets(estimates.slice(from, to), { count: block.length });
    for (const [i, { greater, less }] of sets.entries()) {
      const { row } = block[from + i]!;
      row.rank = from + 1 + greater;
      row.worstRank = to - less;
      row.mayWin = row.rank === 1;
    }
    from = to;
  }
}
