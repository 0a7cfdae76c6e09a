import type { Standing } from '../../../domain/stored.js';
import { readLeaderboard } from '../../../leaderboard/leaderboard.js';
import type { Leaderboard } from '../../../leaderboard/row.js';
import { readStandings } from '../../../readings/standings.js';
import type { Numbered } from '../../wire.js';
import type { WatchedStore } from '../watched-store.js';

/** The rows of a grid, kept until they change: each window, matrix and filter is made of them. @throws StoreError `unknownGrid` */
export const boardOf = (store: WatchedStore, grid: string): Leaderboard & Numbered =>
  store.kept(`board ${grid}`, reader => readLeaderboard(reader, { grid }));

/** What the effects of axes are computed from. @throws StoreError `unknownGrid` */
export const standingsOf = (
  store: WatchedStore,
  grid: string,
): { standings: readonly Standing[] } & Numbered =>
  store.kept(`standings ${grid}`, reader => ({ standings: readStandings(reader, grid).standings }));
