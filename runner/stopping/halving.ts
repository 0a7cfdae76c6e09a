/**
 * Halving with a known population: of N configurations at a rung, k = ⌈keep · N⌉ go on, and whoever is within the margin of them. Each is
 * decided as soon as nothing that is still to come could decide it otherwise, so that order, slots and crashes change nothing.
 */
import type { StopReason } from '../domain/stopping.js';
import { type Family, type Field, type Standing, standingAt } from './families.js';
import { type Margin, type Measured, marginOf } from './margin.js';

/** How many go on at least. */
const fewest = 2;

export type Judgement =
  | { is: 'through' }
  /** Not decided: it hasn't come to the rung, or what it depends on hasn't. `isLast`: not worth going on meanwhile. */
  | { is: 'open'; value: number | null; isLast: boolean }
  /** `mayReturn`: at chance level, while it isn't sure that enough others are left: it may still be one of those that are compared. */
  | { is: 'out'; reason: Omit<StopReason, 'epoch' | 'epochs'>; mayReturn: boolean };

/** How many of so many go on. Grows with them. */
export const keptOf = (keep: number, count: number): number =>
  Math.min(count, Math.max(fewest, Math.ceil(keep * count - 1e-9)));

/** What becomes of each configuration of a group at each rung, up to the first at which it isn't through. */
export function judgeByHalving(group: readonly Family[], field: Field): Judgement[][] {
  const judged: Judgement[][] = group.map(() => []);
  for (let rung = 0; rung < field.rungs.count; rung++) {
    const here = group.flatMap((family, index): Contender[] => {
      const before = judged[index]!.at(-1);
      const standing = standingAt(family, rung, field);
      if ((before?.is === 'out' && !before.mayReturn) || standing === undefined) return [];
      return [{ index, family, standing, isSure: before === undefined || before.is === 'through' }];
    });
    const verdicts = judgeRung(here, rung, field);
    // One that may not even be here is decided where that is open.
    for (const [place, { index, isSure }] of here.entries())
      if (isSure) judged[index]!.push(verdicts[place]!);
  }
  return judged;
}

interface Contender {
  index: number;
  family: Family;
  standing: Standing;
  /** It is at this rung for sure; else that depends on what an earlier one comes to. */
  isSure: boolean;
}

function judgeRung(here: readonly Contender[], rung: number, field: Field): Judgement[] {
  const { keep, diverged } = field.stopping;
  const sure = here.filter(({ isSure }) => isSure);
  const unknown = here.filter(({ standing }) => standing.at === 'unknown').length;
  const leastKept = keptOf(keep, sure.length);
  const mostKept = keptOf(keep, here.length);
  const isComplete = unknown === 0 && sure.length === here.length;
  const all = here.flatMap(measured);
  const hasSeeds = here.some(({ family }) => family.judged.length > 1);
  const margin = marginOf(field.stopping, hasSeeds, isComplete ? all : undefined);
  const looksForChance = rung === 0 && diverged === 'stop';
  // As long as there may be enough others, what is at chance level counts as worst.
  const better = unknown + all.filter(({ isChance }) => !isChance).length;
  const chanceIsOut = looksForChance && better >= mostKept;
  const counts = ({ isChance }: Measured) => !(chanceIsOut && isChance);
  const possible = sorted(all);
  const certain = sorted(sure.flatMap(measured).filter(counts));

  return here.map(({ family, standing }): Judgement => {
    if (family.isNeverStopped) return { is: 'through' };
    const placed = (value: Measured | undefined) => placeIn(possible, value, mostKept, here.length, margin);
    const out = (rule: StopReason['rule'], value?: Measured, mayReturn = false): Judgement => ({
      is: 'out',
      reason: { rule, ...signed(placed(value), field) },
      mayReturn,
    });
    if (standing.at === 'unknown')
      return here.length <= leastKept && !looksForChance
        ? { is: 'through' }
        : { is: 'open', value: null, isLast: false };
    if (standing.at === 'worst') {
      if (looksForChance && standing.isNaN) return out('diverged');
      if (certain.length >= mostKept) return out('halving');
      return possible.length + unknown < leastKept && !(looksForChance && standing.mayBeNaN)
        ? { is: 'through' }
        : { is: 'open', value: null, isLast: true };
    }
    if (chanceIsOut && standing.isChance) return out('diverged', standing, better - unknown < mostKept);
    const surelyBetter = margin === undefined ? 0 : countAbove(certain, standing, margin);
    if (surelyBetter >= mostKept) return out('halving', standing);
    const maybeBetter = unknown + countAbove(possible, standing, margin ?? (() => 0));
    if (maybeBetter < leastKept) return { is: 'through' };
    return { is: 'open', value: standing.value, isLast: false };
  });
}

const measured = ({ standing }: Contender): Measured[] => (standing.at === 'value' ? [standing] : []);

/** Best first. */
const sorted = (values: readonly Measured[]) => [...values].sort((a, b) => b.value - a.value);

/** How many of the sorted ones are better by more than the margin. */
function countAbove(best: readonly Measured[], own: Measured, margin: NonNullable<Margin>): number {
  let [low, high] = [0, best.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (best[middle]!.value - own.value > margin(best[middle]!, own)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Without a value: behind all that have one. */
function placeIn(
  best: readonly Measured[],
  own: Measured | undefined,
  kept: number,
  of: number,
  margin: Margin,
) {
  const last = best[kept - 1];
  return {
    value: own?.value ?? null,
    rank: 1 + (own === undefined ? best.length : countAbove(best, own, () => 0)),
    of,
    cutOff: last?.value ?? null,
    margin: own === undefined || last === undefined ? null : (margin?.(last, own) ?? null),
  };
}

/** Values as the objective has them. */
function signed<T extends { value: number | null; cutOff: number | null }>(
  place: T,
  { objective }: Field,
): T {
  if (objective.direction === 'maximize') return place;
  const turned = (value: number | null) => (value === null ? null : -value);
  return { ...place, value: turned(place.value), cutOff: turned(place.cutOff) };
}
