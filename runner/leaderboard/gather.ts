/** Standings that belong on one row of the leaderboard. */
import { tellingFirst } from '../domain/run-state.js';
import type { Labels, Standing } from '../domain/stored.js';
import { mean, standardDeviation } from '../statistics/moments.js';
import { basisOf, describeBasis, isCounted, isWhole, lostShare, total } from './basis.js';
import { type Budget, budgetOf } from './budget.js';
import type { LeaderboardRow } from './row.js';

/** The label that tells cells of one row apart. */
export const seedAxis = 'seed';

export interface Gathered {
  /** Without what it has by its block: its ranks, its shrunk value. */
  row: LeaderboardRow;
  /** Of the cells that count, one each. */
  values: readonly number[];
  /** Of its cells that are over and have a value; only those count then. Null: there is none. */
  budget: Budget | null;
  /** Of its cells that are over, the share without a value. */
  lost: number;
}

export interface GatherOptions {
  /** Axes whose labels make a row; without: all but `seed`. */
  groupBy?: readonly string[] | undefined;
  /** Latest note by cellId. */
  notes?: ReadonlyMap<string, string>;
}

/**
 * One row for each set of cells that differ only in `seed`, or have the same labels on the axes `groupBy`; rows
 * come in the order of their first standing.
 */
export function gather(standings: readonly Standing[], options: GatherOptions): Gathered[] {
  const { groupBy } = options;
  const groups = new Map<string, Standing[]>();
  for (const standing of standings) {
    const key =
      groupBy === undefined
        ? standing.family
        : JSON.stringify(groupBy.map(axis => standing.labels[axis] ?? null));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [standing]);
    else group.push(standing);
  }
  return Array.from(groups.values(), group => summarize(group, options));
}

function summarize(group: readonly Standing[], { groupBy, notes }: GatherOptions): Gathered {
  const done = group.filter(standing => isCounted(standing) && standing.values.length > 0);
  const counted = done.length > 0 ? done : group;
  const basis = basisOf(group);
  const cells = joined(group, standing => standing.cells);
  const values = joined(counted, standing => standing.values);
  const average = (of: (standing: Standing) => number | null) => weightedMean(counted, of);
  const row: LeaderboardRow = {
    rank: null,
    worstRank: null,
    mayWin: false,
    cells,
    labels: shownLabels(group[0]!.labels, groupBy),
    value: values.length === 0 ? null : mean(values),
    shrunk: null,
    std: standardDeviation(values),
    seeds: values.length,
    bestEpoch: average(standing => standing.bestEpoch),
    epochs: Math.max(...counted.map(standing => standing.epochs)),
    // A mean of those that didn't end in NaN would make them look better than they are.
    lastValue: basis.endedInNaN > 0 ? null : average(standing => standing.lastValue),
    trainValue: average(standing => standing.trainValue),
    overfitSince: null,
    validationImages: smallest(counted),
    seconds: average(standing => standing.seconds),
    state: tellingFirst.find(state => group.some(standing => standing.state === state))!,
    note: noteOf(cells, notes),
    seedsAsked: basis.asked,
    seedsFailed: total(basis.lost),
    seedsOpen: total(basis.open),
    epochsAsked: basis.epochsAsked,
    budget: null,
    staleReasons: basis.staleReasons,
    isWhole: isWhole(basis),
    stop: null,
    restsOn: describeBasis(basis, groupBy === undefined ? 'seed' : 'cell'),
  };
  return { row, values, budget: done.length > 0 ? budgetOf(done) : null, lost: lostShare(basis) };
}

/** Of all; most rows have one standing, whose list needs no copy. */
const joined = <T>(standings: readonly Standing[], of: (standing: Standing) => readonly T[]) =>
  standings.length === 1 ? of(standings[0]!) : standings.flatMap(of);

function noteOf(cells: readonly string[], notes: ReadonlyMap<string, string> | undefined): string | null {
  if (notes === undefined || notes.size === 0) return null;
  const texts = new Set(cells.flatMap(cell => notes.get(cell) ?? []));
  return texts.size === 0 ? null : [...texts].join('; ');
}

function shownLabels(labels: Labels, groupBy: readonly string[] | undefined): Labels {
  const shown: Record<string, string> = {};
  if (groupBy === undefined) {
    for (const axis in labels) if (axis !== seedAxis) shown[axis] = labels[axis]!;
  } else for (const axis of groupBy) if (axis in labels) shown[axis] = labels[axis]!;
  return shown;
}

/** Over the cells that have the value. */
function weightedMean(
  standings: readonly Standing[],
  of: (standing: Standing) => number | null,
): number | null {
  let sum = 0;
  let cells = 0;
  for (const standing of standings) {
    const value = of(standing);
    if (value === null) continue;
    const weight = Math.max(1, standing.values.length);
    sum += weight * value;
    cells += weight;
  }
  return cells === 0 ? null : sum / cells;
}

function smallest(standings: readonly Standing[]): number | null {
  let least: number | null = null;
  for (const { validationImages } of standings)
    if (validationImages !== null && (least === null || validationImages < least)) least = validationImages;
  return least;
}
