/** What a `stopping` block would have done to cells whose whole curves are known. */
import type { Objective } from '../domain/metric.js';
import type { Stopping } from '../domain/stopping.js';
import type { CellRows, StoppableCell } from './cells.js';
import { type Decision, decide } from './decide.js';
import { type Family, type Field, fieldOf, groupsOf, standingAt } from './families.js';
import { kendall, type Pair } from './kendall.js';
import { type Measured, marginOf } from './margin.js';
import { valueAt } from './rungs.js';

/** What was trained, and what would have been, without what free slots do. */
export interface Saving {
  trained: number;
  withBlock: number;
}

/** Configurations that were the best at the end, or can't be told from it, and what would have become of them. */
interface Winners {
  /** The best by the mean of its seeds; several that are equal: the first of those that would have been kept. */
  cells: readonly string[];
  value: number;
  isKept: boolean;
  /** No further behind it than one standard error of the difference, itself among them. */
  withinNoise: { count: number; kept: number };
}

export interface Replay {
  cells: number;
  configurations: number;
  /** That would have gone on through all rungs. */
  finished: number;
  epochs: Saving;
  /** By the median epoch of each cell; null: of some it isn't known. */
  seconds: Saving | null;
  /** Null: none has a value at its end. */
  winners: Winners | null;
  /** By how much the best that would have been kept is behind the best; null: none has a value. */
  regret: number | null;
  /**
   * By rung: its first and last epoch among the cells, how many configurations go on from it, and Kendall's τ-b of what all of them had come to
   * there and at their end. Empty: no rung comes before the end, and nothing would have been stopped.
   */
  rungs: { epochs: readonly [number, number]; goOn: number; compared: number; tau: number | null }[];
}

/** A configuration at its end. */
interface Ending {
  family: Family;
  /** Undefined: none; the larger the better. */
  final: Measured | undefined;
  /** At which rung it would have been stopped; null: at none. */
  outAt: number | null;
}

/**
 * @param cells that came to their end, or failed by a fault of their own, with their rows
 * @param secondsOf an epoch; undefined: not known
 */
export function replay(
  stopping: Stopping,
  objective: Objective,
  cells: readonly StoppableCell[],
  rows: ReadonlyMap<string, CellRows>,
  secondsOf: ReadonlyMap<string, number>,
): Replay {
  const field = fieldOf(stopping, objective, cells, rows);
  const decisions = decide(stopping, objective, cells, rows);
  const groups = groupsOf(cells, field).map(group =>
    group.map(family => endingOf(family, decisions, objective, field)),
  );
  const all = groups.flat();
  const epochs = all.flatMap(({ family, outAt }) =>
    family.cells.map(cell => {
      const trained = field.rowsOf(cell).epochs;
      const least = family.judged.includes(cell) ? field.rungs.epochsOf(cell)[outAt ?? 0]! : 0;
      return { cell, trained, withBlock: outAt === null ? trained : Math.min(trained, least) };
    }),
  );
  const saved = (of: (cell: StoppableCell) => number): Saving => ({
    trained: sum(epochs.map(({ cell, trained }) => trained * of(cell))),
    withBlock: sum(epochs.map(({ cell, withBlock }) => withBlock * of(cell))),
  });
  const sign = objective.direction === 'maximize' ? 1 : -1;
  const best = bestOf(all);
  const bestKept = bestOf(all.filter(({ outAt }) => outAt === null));
  return {
    cells: cells.length,
    configurations: all.length,
    finished: all.filter(({ outAt }) => outAt === null).length,
    epochs: saved(() => 1),
    seconds: cells.every(({ cellId }) => secondsOf.has(cellId))
      ? saved(({ cellId }) => secondsOf.get(cellId)!)
      : null,
    winners: best === undefined ? null : winnersOf(best, all, sign),
    regret: best === undefined || bestKept === undefined ? null : best.final!.value - bestKept.final!.value,
    rungs: Array.from({ length: field.rungs.count }, (_, rung) => {
      const pairs = groups.map(group => group.flatMap(one => pairAt(one, rung, field)));
      const at = cells.map(cell => field.rungs.epochsOf(cell)[rung]!);
      return {
        epochs: [Math.min(...at), Math.max(...at)] as const,
        goOn: all.filter(({ outAt }) => outAt === null || outAt > rung).length,
        compared: pairs.flat().length,
        tau: kendall(pairs),
      };
    }),
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function endingOf(
  family: Family,
  decisions: ReadonlyMap<string, Decision>,
  objective: Objective,
  field: Field,
): Ending {
  const [first] = family.judged;
  const decision = decisions.get(first!.cellId)!;
  const outAt = decision.next === 'stop' ? field.rungs.epochsOf(first!).indexOf(decision.reason.epoch) : null;
  return { family, final: finalOf(family, objective, field), outAt };
}

/** By the best epoch of each of its seeds. */
function finalOf({ cells }: Family, objective: Objective, { rowsOf }: Field): Measured | undefined {
  const sign = objective.direction === 'maximize' ? 1 : -1;
  const seeds = cells.flatMap(cell => {
    const value = rowsOf(cell).hasFailed ? null : valueAt(rowsOf(cell), cell.epochs, 'best', objective);
    return value === null ? [] : [sign * value];
  });
  if (seeds.length < cells.length) return undefined;
  const images = cells.map(cell => cell.images);
  return {
    at: 'value',
    value: sum(seeds) / seeds.length,
    seeds,
    images: images.includes(null) ? null : sum(images as number[]),
    isChance: false,
  };
}

/** Of equals one that is kept. */
const bestOf = (endings: readonly Ending[]): Ending | undefined =>
  endings.reduce<Ending | undefined>((best, one) => {
    if (one.final === undefined || best?.final === undefined) return one.final === undefined ? best : one;
    const isEqualAndKept = one.final.value === best.final.value && one.outAt === null && best.outAt !== null;
    return one.final.value > best.final.value || isEqualAndKept ? one : best;
  }, undefined);

function winnersOf(best: Ending, all: readonly Ending[], sign: 1 | -1): Winners {
  const finals = all.flatMap(({ final }) => final ?? []);
  const hasSeeds = all.some(({ family }) => family.cells.length > 1);
  const margin = marginOf({ margin: 'auto' }, hasSeeds, finals)!;
  const near = all.filter(
    ({ final }) => final !== undefined && best.final!.value - final.value <= margin(best.final!, final),
  );
  return {
    cells: best.family.cells.map(({ cellId }) => cellId),
    value: sign * best.final!.value,
    isKept: best.outAt === null,
    withinNoise: { count: near.length, kept: near.filter(({ outAt }) => outAt === null).length },
  };
}

function pairAt({ family, final }: Ending, rung: number, field: Field): Pair[] {
  const standing = standingAt(family, rung, field);
  return standing?.at === 'value' && final !== undefined ? [[standing.value, final.value]] : [];
}
