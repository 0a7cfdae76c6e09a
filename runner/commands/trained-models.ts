/** Cells that a command is to use the weights of. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option } from 'commander';
import { isOfAverage } from '../../trainer/contract/events.js';
import type { TrainedModel } from '../../trainer/contract/inference.js';
import { isBetter } from '../domain/metric.js';
import type { StoredResult } from '../domain/stored.js';
import { ResultsPaths } from '../store/run-paths.js';
import type { StoreReader } from '../store/run-store.js';
import type { GlobalOptions } from './context.js';
import { UsageError } from './errors.js';

/** Files of weights by what `--weights` calls them; only runs with averaged weights have all. */
const weightsFiles = { best: 'best', last: 'last', ema: 'best-ema', 'last-ema': 'last-ema' };
export type WeightsKind = keyof typeof weightsFiles;

/** `--weights` of the commands that use a cell's weights. */
export const weightsOption = new Option(
  '--weights <kind>',
  'weights of the best or the last epoch, or their moving averages; default: ema if the objective is one of the average, else best',
).choices(Object.keys(weightsFiles));

/** The `count` completed cells of a grid with the best values of its objective. */
export function bestCells(store: StoreReader, gridName: string | undefined, count: number): StoredResult[] {
  const { name, objective } = store.grid(gridName);
  const ranked = store
    .storedCells(name)
    .filter(({ present, state, value }) => present && state === 'completed' && value !== null)
    .sort((a, b) =>
      isBetter(objective, a.value, b.value) ? -1 : isBetter(objective, b.value, a.value) ? 1 : 0,
    );
  if (ranked.length < count)
    throw new UsageError(`--top ${count}: the grid ${name} has ${ranked.length} completed cells`);
  return ranked.slice(0, count);
}

/** @throws UsageError for a cell of another program's, or without such weights */
export function trainedModel(
  { cellId, spec }: StoredResult,
  options: GlobalOptions & { weights?: WeightsKind },
): TrainedModel {
  if (spec.trainer !== null) throw new UsageError(`cell ${cellId} was trained by a program of its own`);
  const { checkpoints } = new ResultsPaths(options.results).cell(cellId);
  const kind = options.weights ?? (isOfAverage(spec.objective.metric) ? 'ema' : 'best');
  const fileOf = (name: WeightsKind) => join(checkpoints, `${weightsFiles[name]}.safetensors`);
  const weights = fileOf(kind);
  if (!existsSync(weights)) {
    const there = (Object.keys(weightsFiles) as WeightsKind[]).filter(name => existsSync(fileOf(name)));
    throw new UsageError(`cell ${cellId} has no ${kind} weights; it has: ${there.join(', ') || 'none yet'}`);
  }
  const root = options.data === undefined ? spec.data.root : resolve(options.data);
  return { cellId, spec: { ...spec, data: { ...spec.data, root } }, weights };
}
