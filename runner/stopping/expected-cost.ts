/** What a `stopping` block is to spare, before anything is known of the cells. */
import type { Objective } from '../domain/metric.js';
import type { Stopping } from '../domain/stopping.js';
import type { StoppableCell } from './cells.js';
import { type Family, fieldOf, groupsOf } from './families.js';
import { keptOf } from './halving.js';

/** Without the block, and with it: Σ keptᵢ · (rungᵢ₊₁ - rungᵢ); whoever is within the margin and what free slots do cost more. */
interface Cost {
  without: number;
  with: number;
}

export interface ExpectedCost {
  configurations: number;
  /** By rung: its first and last epoch among the cells, and how many configurations go on from it. Empty: none comes before the end. */
  rungs: { epochs: readonly [number, number]; goOn: number }[];
  /** Of all cells, from their beginning. */
  epochs: Cost;
  /** On one slot; null: of some cells nothing like has been measured. */
  seconds: Cost | null;
}

/** @param secondsOf of an epoch; undefined: not known */
export function expectedCost(
  stopping: Stopping,
  objective: Objective,
  cells: readonly StoppableCell[],
  secondsOf: (cellId: string) => number | undefined,
): ExpectedCost {
  const field = fieldOf(stopping, objective, cells, new Map());
  const { rungs } = field;
  const goOn = Array.from({ length: rungs.count }, () => 0);
  const costs: { all: number; planned: number; seconds: number | undefined }[] = [];
  const groups = groupsOf(cells, field);
  for (const group of groups) {
    const kept = keptAt(group, stopping, rungs.count);
    for (const [rung, count] of kept.entries()) goOn[rung]! += count;
    const never = group.filter(({ isNeverStopped }) => isNeverStopped).length;
    // Whoever may be stopped is as likely to be as any other.
    const shares = kept.map(count => (group.length === never ? 1 : (count - never) / (group.length - never)));
    for (const { cells: members, judged, isNeverStopped } of group)
      for (const cell of members) {
        const ends = [0, ...rungs.epochsOf(cell), cell.epochs];
        const shareAt = (step: number) => {
          if (isNeverStopped) return 1;
          const share = judged.includes(cell) ? step : rungs.count;
          return share === 0 ? 1 : shares[share - 1]!;
        };
        const planned = ends
          .slice(1)
          .reduce((sum, end, step) => sum + shareAt(step) * (end - ends[step]!), 0);
        costs.push({ all: cell.epochs, planned, seconds: secondsOf(cell.cellId) });
      }
  }
  const summed = (by: (seconds: number | undefined) => number): Cost => ({
    without: costs.reduce((sum, { all, seconds }) => sum + all * by(seconds), 0),
    with: costs.reduce((sum, { planned, seconds }) => sum + planned * by(seconds), 0),
  });
  return {
    configurations: groups.flat().length,
    rungs: goOn.map((count, rung) => {
      const at = cells.map(cell => rungs.epochsOf(cell)[rung]!);
      return { epochs: [Math.min(...at), Math.max(...at)] as const, goOn: count };
    }),
    epochs: summed(() => 1),
    seconds: costs.some(({ seconds }) => seconds === undefined) ? null : summed(seconds => seconds!),
  };
}

/** How many of a group go on from each rung. */
function keptAt(group: readonly Family[], { keep }: Stopping, rungs: number): number[] {
  const never = group.filter(({ isNeverStopped }) => isNeverStopped).length;
  let kept = group.length;
  return Array.from({ length: rungs }, () => (kept = Math.max(never, keptOf(keep, kept))));
}
