import { type AxisEffect, mainEffects } from '../../../leaderboard/effects.js';
import { readLeaderboard } from '../../../leaderboard/leaderboard.js';
import type { Leaderboard } from '../../../leaderboard/row.js';
import { readStandings } from '../../../readings/standings.js';
import type { StoreReader } from '../../../store/run-store.js';
import type { Numbered } from '../../wire.js';

/** What takes its time to read of a grid, by name; each is a list, and what belongs to all of it. */
const readings = {
  /** The rows of the leaderboard. @throws StoreError `unknownGrid` */
  board(store: StoreReader, grid: string): Leaderboard {
    return readLeaderboard(store, { grid });
  },
  /** What each label does on average. @throws StoreError `unknownGrid` */
  effects(store: StoreReader, grid: string): { rows: AxisEffect[] } {
    const { standings, objective } = readStandings(store, grid);
    return { rows: mainEffects(standings, objective) };
  },
};

export type Readings = { [Name in keyof typeof readings]: ReturnType<(typeof readings)[Name]> & Numbered };

/** One state of the store, with the number of its newest change. */
export const readOf = <Name extends keyof Readings>(store: StoreReader, name: Name, grid: string) =>
  store.snapshot(() => ({ ...readings[name](store, grid), at: store.lastChange() })) as Readings[Name];
