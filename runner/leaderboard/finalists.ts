import type { StoredResult } from '../domain/stored.js';
import type { StoreReader } from '../store/run-store.js';
import { readLeaderboard } from './leaderboard.js';
import type { LeaderboardRow } from './row.js';

interface Finalist {
  row: LeaderboardRow;
  /** One of its cells. */
  cell: StoredResult;
}

/**
 * Rows that may be the best of a grid's first block, the first ones first, at most `top` of them.
 *
 * @throws StoreError `unknownGrid`
 */
export function finalistsOf(store: StoreReader, grid: string, top: number): Finalist[] {
  return store.snapshot(() => {
    const { rows } = readLeaderboard(store, { grid });
    const winners = rows.filter(({ mayWin }) => mayWin);
    const first = winners.filter(({ budget }) => budget === winners[0]!.budget).slice(0, top);
    const cells = store.cellsById(first.map(row => row.cells[0]!));
    return first.flatMap(row => {
      const cell = cells.get(row.cells[0]!);
      return cell === undefined ? [] : [{ row, cell }];
    });
  });
}
