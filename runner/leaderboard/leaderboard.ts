import { UsageError } from '../domain/error.js';
import { type Objective, trainingCounterpart } from '../domain/metric.js';
import { isShort } from '../domain/run-state.js';
import { readCurves } from '../readings/curves.js';
import { chanceGap, gapsOf, overfitSince } from '../readings/overfit.js';
import { type GridStandings, readStandings } from '../readings/standings.js';
import type { StoreReader } from '../store/run-store.js';
import { wordsOfStop } from '../text/stop-words.js';
import { seedAxis } from './gather.js';
import { rank } from './rank.js';
import type { Leaderboard, LeaderboardRow } from './row.js';

export interface LeaderboardOptions {
  /** Without: the only grid there is. */
  grid?: string | undefined;
  groupBy?: readonly string[] | undefined;
  /** Rows at most. */
  top?: number | undefined;
}

/** Rows, and cells of them, whose epochs are looked through for overfitting: the rest of a huge grid would take seconds. */
const watchedRows = 200;
const watchedCells = 2000;

/**
 * Reads a grid's results and ranks them.
 *
 * @throws StoreError `unknownGrid`; UsageError for a `groupBy` axis that no cell has, naming those there are.
 */
export function readLeaderboard(
  store: StoreReader,
  { grid: name, groupBy, top }: LeaderboardOptions = {},
): Leaderboard {
  return store.snapshot(() => {
    const reading = readStandings(store, name);
    if (groupBy !== undefined) checkAxes(reading, groupBy);
    const { grid, objective, standings, notes } = reading;
    const { rows, blocks } = rank(standings, objective, { groupBy, notes });
    const shown = withStops(store, rows.slice(0, top));
    return { grid, objective, blocks, rows: withOverfit(store, shown, objective) };
  });
}

function checkAxes({ grid, standings }: GridStandings, groupBy: readonly string[]): void {
  const axes = new Set(standings.flatMap(({ labels }) => Object.keys(labels)));
  axes.delete(seedAxis);
  const unknown = groupBy.filter(axis => !axes.has(axis));
  if (unknown.length > 0)
    throw new UsageError(
      `--group-by ${unknown.join(',')}: no such axis in grid ${grid}; it has: ${[...axes].join(', ')}`,
    );
}

/** Says of rows whose cells the grid's rule has stopped where they stood then. */
function withStops(store: StoreReader, rows: readonly LeaderboardRow[]): readonly LeaderboardRow[] {
  const stopped = rows.filter(({ state }) => isShort(state)).slice(0, watchedRows);
  const cells = store.cellsById(stopped.map(row => row.cells[0]!));
  for (const row of stopped) {
    const mark = cells.get(row.cells[0]!)?.rung;
    if (mark?.at !== 'out') continue;
    row.stop = mark.reason;
    const words = wordsOfStop(mark.reason);
    row.restsOn = row.restsOn
      .split('; ')
      .map(part => (/stopped after \d/.test(part) ? words : part))
      .join('; ');
  }
  return rows;
}

/** Says of the first rows from when on they overfit. */
function withOverfit(
  store: StoreReader,
  rows: readonly LeaderboardRow[],
  objective: Objective,
): LeaderboardRow[] {
  const counterpart = trainingCounterpart(objective);
  if (counterpart === null) return [...rows];
  let cells = 0;
  const isWatched = ({ cells: own }: LeaderboardRow, place: number) => {
    cells += own.length;
    return place < watchedRows && cells <= watchedCells;
  };
  const watched = rows.filter(isWatched);
  const curves = readCurves(
    store,
    watched.flatMap(row => row.cells),
    [objective.metric, counterpart],
  );
  for (const row of watched) {
    const gaps = gapsOf(
      row.cells.map(cell => curves.get(cell)!),
      objective,
    );
    row.overfitSince = overfitSince(gaps, chanceGap(objective, row.validationImages));
  }
  return [...rows];
}
