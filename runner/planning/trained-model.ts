import { existsSync } from 'node:fs';
import { isOfAverage } from '../../trainer/contract/events.js';
import type { TrainedModel } from '../../trainer/contract/inference.js';
import { UsageError } from '../domain/error.js';
import type { StoredResult } from '../domain/stored.js';
import { type WeightsKind, weightsKinds } from '../domain/weights.js';
import type { ResultsPaths } from '../store/run-paths.js';
import { type AskedPlace, storedSpec } from './asked-place.js';
import { otherBest } from './kept-weights.js';

/**
 * A cell as its weights are used where a question is asked.
 *
 * @param wanted weights; undefined: those of the moving average if the objective is one of the average, else the best
 * @param warn is told where the best weights that were kept are another objective's best
 * @throws UsageError for a cell of another program's, or without such weights
 */
export function trainedModel(
  cell: StoredResult,
  wanted: WeightsKind | undefined,
  place: AskedPlace,
  results: ResultsPaths,
  warn: (words: string) => void,
): TrainedModel {
  const { cellId, spec } = cell;
  if (spec.trainer !== null) throw new UsageError(`cell ${cellId} was trained by a program of its own`);
  const paths = results.cell(cellId);
  const kind = wanted ?? (isOfAverage(spec.objective.metric) ? 'ema' : 'best');
  const weights = paths.weights(kind);
  if (!existsSync(weights)) {
    const there = weightsKinds.filter(name => existsSync(paths.weights(name)));
    throw new UsageError(`cell ${cellId} has no ${kind} weights; it has: ${there.join(', ') || 'none yet'}`);
  }
  const other = kind === 'best' || kind === 'ema' ? otherBest(cell, paths) : null;
  if (other !== null) warn(other);
  return { cellId, spec: storedSpec(spec, place), weights };
}
