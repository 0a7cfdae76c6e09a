import { UsageError } from '../domain/error.js';
import { compareValues } from '../domain/metric.js';
import { isWhole } from '../domain/run-state.js';
import type { StoredResult } from '../domain/stored.js';
import type { StoreReader } from '../store/run-store.js';
import { rank } from './rank.js';

/**
 * The `count` completed cells of a grid with the best values of its objective. Cells that rest on less than was asked for, are
 * stale, or have a sibling that ended without a value (the leaderboard's column "rests on") come after all others.
 *
 * @param warn is told of each such cell that is among them
 */
export function bestCells(
  store: StoreReader,
  gridName: string | undefined,
  count: number,
  warn: (words: string) => void,
): StoredResult[] {
  const { name, objective } = store.grid(gridName);
  const rowOf = new Map(
    rank(store.standings(name), objective).rows.flatMap(row => row.cells.map(cell => [cell, row] as const)),
  );
  const doubt = ({ cellId, staleReasons, epochs, spec }: StoredResult): string | null => {
    if (staleReasons.length > 0) return `is stale: ${staleReasons.join('; ')}`;
    if (epochs < spec.train.epochs) return `was trained for ${epochs} of ${spec.train.epochs} epochs`;
    const row = rowOf.get(cellId);
    return row !== undefined && row.seedsFailed > 0 ? `is of a row of which ${row.restsOn}` : null;
  };
  const ranked = store
    .storedCells(name)
    .filter(({ present, state, value }) => present && isWhole(state) && value !== null)
    .map(cell => ({ cell, doubt: doubt(cell) }))
    .sort(
      (a, b) =>
        Number(a.doubt !== null) - Number(b.doubt !== null) ||
        compareValues(a.cell.value, b.cell.value, objective.direction),
    );
  if (ranked.length < count)
    throw new UsageError(`--top ${count}: the grid ${name} has ${ranked.length} completed cells`);
  const best = ranked.slice(0, count);
  for (const { cell, doubt } of best) if (doubt !== null) warn(`cell ${cell.cellId.slice(0, 8)} ${doubt}`);
  return best.map(({ cell }) => cell);
}
