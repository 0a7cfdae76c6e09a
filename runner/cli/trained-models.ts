/** Cells that a command is to use the weights of. */
import { existsSync } from 'node:fs';
import { isOfAverage } from '../../trainer/contract/events.js';
import type { TrainedModel } from '../../trainer/contract/inference.js';
import { UsageError } from '../domain/error.js';
import { compareValues } from '../domain/metric.js';
import type { StoredResult } from '../domain/stored.js';
import { type WeightsKind, weightsKinds } from '../domain/weights.js';
import { dataRootNow } from '../grid/settings/data-root.js';
import { rank } from '../leaderboard/rank.js';
import { ResultsPaths } from '../store/run-paths.js';
import type { StoreReader } from '../store/run-store.js';
import { otherBest } from './kept-weights.js';
import type { GlobalOptions } from './options.js';

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
    rank(store.standings(name), objective).flatMap(row => row.cells.map(cell => [cell, row] as const)),
  );
  const doubt = ({ cellId, staleReasons, epochs, spec }: StoredResult): string | null => {
    if (staleReasons.length > 0) return `is stale: ${staleReasons.join('; ')}`;
    if (epochs < spec.train.epochs) return `was trained for ${epochs} of ${spec.train.epochs} epochs`;
    const row = rowOf.get(cellId);
    return row !== undefined && row.seedsFailed > 0 ? `is of a row of which ${row.restsOn}` : null;
  };
  const ranked = store
    .storedCells(name)
    .filter(({ present, state, value }) => present && state === 'completed' && value !== null)
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

/**
 * @param warn is told where the best weights that were kept are another objective's best
 * @throws UsageError for a cell of another program's, or without such weights
 */
export function trainedModel(
  cell: StoredResult,
  options: GlobalOptions & { weights?: WeightsKind | undefined },
  warn: (words: string) => void,
): TrainedModel {
  const { cellId, spec } = cell;
  if (spec.trainer !== null) throw new UsageError(`cell ${cellId} was trained by a program of its own`);
  const paths = new ResultsPaths(options.results).cell(cellId);
  const kind = options.weights ?? (isOfAverage(spec.objective.metric) ? 'ema' : 'best');
  const weights = paths.weights(kind);
  if (!existsSync(weights)) {
    const there = weightsKinds.filter(name => existsSync(paths.weights(name)));
    throw new UsageError(`cell ${cellId} has no ${kind} weights; it has: ${there.join(', ') || 'none yet'}`);
  }
  const other = kind === 'best' || kind === 'ema' ? otherBest(cell, paths) : null;
  if (other !== null) warn(other);
  const root = dataRootNow(spec.data, options.data);
  return { cellId, spec: { ...spec, data: { ...spec.data, root } }, weights };
}
