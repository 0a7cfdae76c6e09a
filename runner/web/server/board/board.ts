import { type AxisEffect, mainEffects } from '../../../leaderboard/effects.js';
import { readLeaderboard } from '../../../leaderboard/leaderboard.js';
import type { Leaderboard } from '../../../leaderboard/row.js';
import { readStandings } from '../../../readings/standings.js';
import type { AxisLabels, Numbered } from '../../wire.js';
import type { WatchedStore } from '../watched-store.js';
import { axesOf } from './axes.js';

interface Board extends Leaderboard {
  axes: readonly AxisLabels[];
}

/** The rows of a grid, kept until they change: each window, matrix and filter is made of them. @throws StoreError `unknownGrid` */
export const boardOf = (store: WatchedStore, grid: string): Board & Numbered =>
  store.kept(`board ${grid}`, reader => {
    const board = readLeaderboard(reader, { grid });
    return { ...board, axes: axesOf(board.rows) };
  });

/** What each label does on average. @throws StoreError `unknownGrid` */
export const effectsOf = (store: WatchedStore, grid: string): { effects: readonly AxisEffect[] } & Numbered =>
  store.kept(`effects ${grid}`, reader => {
    const { standings, objective } = readStandings(reader, grid);
    return { effects: mainEffects(standings, objective) };
  });
