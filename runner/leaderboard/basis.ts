/** What a row of the leaderboard rests on, and the words for it. */
import { type FailureClass, isOfTheMachine } from '../domain/run.js';
import { hasFailed, isShort, stateTable } from '../domain/run-state.js';
import type { Standing } from '../domain/stored.js';

export interface Basis {
  /** Cells of the row: its seeds. */
  asked: number;
  /** Cells that are over and have a value. */
  counted: number;
  /** Cells that are over and have none, by what became of them: `diverged` → 1. They count as the worst. */
  lost: ReadonlyMap<string, number>;
  /** Cells that may still get a value, by what they are: `running` → 2. */
  open: ReadonlyMap<string, number>;
  /** Epochs that each cell was to be trained; null: not known, or not the same for all. */
  epochsAsked: number | null;
  /** Epochs of the furthest cell. */
  epochs: number;
  /** Counted cells that were trained for fewer epochs than asked, and the fewest. */
  short: number;
  fewestEpochs: number;
  /** Counted cells that were stopped early on purpose. */
  stopped: number;
  /** Counted cells whose last epoch had no number for the objective. */
  endedInNaN: number;
  stale: number;
  staleReasons: readonly string[];
}

/** What an unsuccessful end is called on the leaderboard. */
const failureWords = (failure: FailureClass) => (failure === 'nanLoss' ? 'diverged' : `failed (${failure})`);

/** Whether values of cells in this state count for the rank. */
export const isCounted = ({ state }: Standing): boolean => stateTable[state].done;

/** One loop without a list in between: a grid may have 100,000 of them. */
export function basisOf(group: readonly Standing[]): Basis {
  const basis: Basis = {
    asked: 0,
    counted: 0,
    lost: noCounts,
    open: noCounts,
    epochsAsked: group[0]!.epochsAsked,
    epochs: 0,
    short: 0,
    fewestEpochs: Number.POSITIVE_INFINITY,
    stopped: 0,
    endedInNaN: 0,
    stale: 0,
    staleReasons: none,
  };
  for (const standing of group) {
    const { state, cells, values, shortCells } = standing;
    basis.asked += cells.length;
    basis.stale += standing.staleCells;
    basis.epochs = Math.max(basis.epochs, standing.epochs);
    if (standing.epochsAsked !== basis.epochsAsked) basis.epochsAsked = null;
    addWithoutValue(basis, standing);
    if (!isCounted(standing)) continue;
    basis.counted += values.length;
    basis.short += shortCells;
    basis.endedInNaN += standing.endedInNaN;
    if (shortCells > 0) basis.fewestEpochs = Math.min(basis.fewestEpochs, standing.fewestEpochs);
    if (isShort(state)) basis.stopped += values.length;
  }
  if (basis.stale > 0) basis.staleReasons = [...new Set(group.flatMap(({ staleReasons }) => staleReasons))];
  return basis;
}

const noCounts: ReadonlyMap<string, number> = new Map();
const none: readonly string[] = [];

function addWithoutValue(basis: Basis, { state, cells, values, nanCells, failures }: Standing): void {
  if (hasFailed(state))
    for (const failure of failures) {
      const words = failureWords(failure);
      if (isOfTheMachine(failure)) basis.open = add(basis.open, words, 1);
      else basis.lost = add(basis.lost, words, 1);
    }
  else if (stateTable[state].over) {
    basis.lost = add(basis.lost, 'diverged', nanCells);
    const without = cells.length - values.length - nanCells;
    // Ended on purpose before it came to one: that says nothing of the cell.
    if (isShort(state)) basis.open = add(basis.open, state, without);
    else basis.lost = add(basis.lost, 'without a value', without);
  } else basis.open = add(basis.open, state, cells.length);
}

function add(counts: ReadonlyMap<string, number>, key: string, count: number): ReadonlyMap<string, number> {
  return count > 0 ? new Map(counts).set(key, (counts.get(key) ?? 0) + count) : counts;
}

export const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

/** Of the cells that are over, the share without a value. */
export const lostShare = ({ lost, counted }: Basis): number =>
  total(lost) === 0 ? 0 : total(lost) / (total(lost) + counted);

/** Whether the row rests on all that was asked for, as it would come out now. */
export const isWhole = ({ asked, counted, short, endedInNaN, stopped, stale }: Basis): boolean =>
  counted === asked && short + endedInNaN + stopped + stale === 0;

/**
 * `3 seeds`; `1 of 3 diverged`; `2 of 3 seeds so far (1 running)`; `2 of 3 after 5 of 10 epochs`; `stale: the data changed`.
 *
 * @param what a cell of the row is: `seed`, or `cell` where axes were merged
 */
export function describeBasis(basis: Basis, what: 'seed' | 'cell'): string {
  const { asked, counted, lost, open, epochs, epochsAsked, short, stopped, endedInNaN, stale } = basis;
  const share = (count: number, words: string) =>
    count === asked ? (asked === 1 ? words : `all ${asked} ${words}`) : `${count} of ${asked} ${words}`;
  const plural = asked === 1 ? what : `${what}s`;
  // Most rows of a grid that is done.
  if (isWhole(basis)) return `${asked} ${plural}`;
  const parts = [...lost].map(([words, count]) => share(count, words));
  const waiting = [...open].map(([words, count]) => (asked === 1 ? words : `${count} ${words}`)).join(', ');
  if (open.size > 0) {
    const progress = epochs > 0 && epochsAsked !== null ? `, epoch ${epochs} of ${epochsAsked}` : '';
    parts.push(
      counted + total(lost) > 0 ? `${counted} of ${asked} ${plural} so far (${waiting})` : waiting + progress,
    );
  } else if (lost.size === 0) parts.push(`${asked} ${plural}`);
  if (short > 0) {
    const end = stopped > 0 ? 'stopped after' : 'after';
    parts.push(share(short, `${end} ${basis.fewestEpochs} of ${epochsAsked ?? 'the'} epochs`));
  }
  if (endedInNaN > 0) parts.push(share(endedInNaN, 'ended in NaN after the best epoch'));
  if (stale > 0) parts.push(`${share(stale, 'stale')}: ${basis.staleReasons.join('; ')}`);
  return parts.join('; ');
}
