/** For how long a row's cells were trained: rows of unequal budgets are never in one ranking. */
import { isShort } from '../domain/run-state.js';
import type { Standing } from '../domain/stored.js';

export interface Budget {
  /** Rows of equal words are in one block. */
  words: string;
  /** Whether its rows can be ranked: all cells of a row were trained for as long, or were meant to differ. */
  isRanked: boolean;
  /** Epochs of the furthest cell; -1: not known. */
  epochs: number;
  /** Whether cells were trained for fewer epochs than asked for. */
  isShort: boolean;
}

/** Of standings that are over and have a value. */
export function budgetOf(counted: readonly Standing[]): Budget {
  const asked = new Set<number>();
  const trained = new Set<number>();
  let short = false;
  let stopped = false;
  let uneven = false;
  let unknown = false;
  for (const { state, values, shortCells, fewestEpochs, epochs, epochsAsked } of counted) {
    if (epochsAsked === null) unknown = true;
    else asked.add(epochsAsked);
    if (shortCells === 0) {
      if (epochsAsked !== null) trained.add(epochsAsked);
      continue;
    }
    short = true;
    stopped ||= isShort(state);
    trained.add(fewestEpochs).add(epochs);
    uneven ||= shortCells < values.length || fewestEpochs < epochs;
  }
  const isEven = !uneven && trained.size <= 1;
  return {
    words: wordsOf({ asked, trained, short, stopped, unknown, isEven }),
    isRanked: !short || isEven,
    epochs: unknown ? -1 : Math.max(...trained),
    isShort: short,
  };
}

interface Found {
  asked: ReadonlySet<number>;
  trained: ReadonlySet<number>;
  short: boolean;
  stopped: boolean;
  unknown: boolean;
  isEven: boolean;
}

/** `30 epochs`; `stopped after 4 of 30 epochs`; `after 5 of 10 epochs`. */
function wordsOf({ asked, trained, short, stopped, unknown, isEven }: Found): string {
  const list = (numbers: ReadonlySet<number>) => [...numbers].sort((a, b) => a - b).join(' and ');
  if (!short)
    return unknown ? 'as many epochs as asked' : `${list(asked)} ${list(asked) === '1' ? 'epoch' : 'epochs'}`;
  const whole = asked.size === 1 ? ` of ${list(asked)}` : '';
  const end = stopped ? 'stopped after' : 'after';
  return isEven
    ? `${end} ${list(trained)}${whole} epochs`
    : `fewer epochs than asked, not the same for all seeds`;
}

/** Whole budgets first, of each the longest first; rows that can't be ranked last. */
export const byBudget = (a: Budget, b: Budget): number =>
  Number(b.isRanked) - Number(a.isRanked) ||
  Number(a.isShort) - Number(b.isShort) ||
  b.epochs - a.epochs ||
  (a.words < b.words ? -1 : a.words > b.words ? 1 : 0);
