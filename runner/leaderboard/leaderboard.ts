import type { StoreReader } from '../store/run-store.js';
import { seedAxis } from './gather.js';
import { chanceGap, gapsOf, overfitSince } from './overfit.js';
import { type Leaderboard, type LeaderboardRow, rank } from './rank.js';

export interface LeaderboardOptions {
  /** Without: the only grid there is. */
  grid?: string | undefined;
  groupBy?: readonly string[] | undefined;
  /** Rows at most. */
  top?: number | undefined;
}

/** Rows whose epochs are looked through for overfitting: the rest of a huge grid would take seconds. */
const watchedRows = 200;

class UnknownAxisError extends Error {
  override readonly name = 'UnknownAxisError';
  readonly exitCode = 2;
}

/**
 * Reads a grid's results and ranks them.
 *
 * @throws StoreError `unknownGrid`; UnknownAxisError for a `groupBy` axis that no cell has, naming those there are.
 */
export function readLeaderboard(
  store: StoreReader,
  { grid: name, groupBy, top }: LeaderboardOptions = {},
): Leaderboard {
  const grid = store.grid(name);
  const standings = store.standings(grid.name);
  if (groupBy !== undefined) {
    const axes = new Set(standings.flatMap(({ labels }) => Object.keys(labels)));
    axes.delete(seedAxis);
    const unknown = groupBy.filter(axis => !axes.has(axis));
    if (unknown.length > 0)
      throw new UnknownAxisError(
        `--group-by ${unknown.join(',')}: no such axis in grid ${grid.name}; it has: ${[...axes].join(', ')}`,
      );
  }
  const rows = rank(standings, grid.objective, { groupBy, notes: store.latestNotes(grid.name) });
  const watch = (row: LeaderboardRow, place: number): LeaderboardRow => {
    if (place >= watchedRows) return row;
    const histories = row.cells.map(cell => store.metricsOf(cell));
    const chance = chanceGap(grid.objective, row.validationImages);
    return { ...row, overfitSince: overfitSince(gapsOf(histories, grid.objective), chance) };
  };
  return { grid: grid.name, objective: grid.objective, rows: rows.slice(0, top).map(watch) };
}
