/** What a row of the leaderboard rests on, and the words for it. */
import type { FailureClass } from '../domain/run.js';
import { stateTable } from '../domain/run-state.js';
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

/** Failures that say nothing of the cell: it is as if it hadn't been run yet. */
const notOfTheCell: ReadonlySet<FailureClass> = new Set<FailureClass>(['lostSlot', 'environment']);

/** What an unsuccessful end is called on the leaderboard. */
const failureWords = (failure: FailureClass) => (failure === 'nanLoss' ? 'diverged' : `failed (${failure})`);

/** Whether values of cells in this state count for the rank. */
export const isCounted = ({ state }: Standing): boolean => stateTable[state].done;

export function basisOf(group: readonly Standing[]): Basis {
  const lost = new Counts();
  const open = new Counts();
  for (const { state, cells, values, nanCells, failures } of group) {
    if (state === 'failed')
      for (const failure of failures) (notOfTheCell.has(failure) ? open : lost).add(failureWords(failure), 1);
    else if (stateTable[state].over) {
      lost.add('diverged', nanCells);
      lost.add('without a value', cells.length - values.length - nanCells);
    } else open.add(state, cells.length);
  }
  const counted = group.filter(isCounted);
  const sum = (of: (standing: Standing) => number, standings: readonly Standing[] = counted) =>
    standings.reduce((total, standing) => total + of(standing), 0);
  const asked = new Set(group.map(({ epochsAsked }) => epochsAsked));
  return {
    asked: sum(({ cells }) => cells.length, group),
    counted: sum(({ values }) => values.length),
    lost,
    open,
    epochsAsked: asked.size === 1 ? [...asked][0]! : null,
    epochs: Math.max(...group.map(({ epochs }) => epochs)),
    short: sum(({ shortCells }) => shortCells),
    fewestEpochs: Math.min(
      ...counted.flatMap(({ shortCells, fewestEpochs }) => (shortCells > 0 ? fewestEpochs : [])),
    ),
    stopped: sum(({ state, values }) => (state === 'stopped' ? values.length : 0)),
    endedInNaN: sum(({ endedInNaN }) => endedInNaN),
    stale: sum(({ staleCells }) => staleCells, group),
    staleReasons: [...new Set(group.flatMap(({ staleReasons }) => staleReasons))],
  };
}

class Counts extends Map<string, number> {
  add(key: string, count: number): void {
    if (count > 0) this.set(key, (this.get(key) ?? 0) + count);
  }
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
