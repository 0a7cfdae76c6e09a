/** Running summary of a cell's epochs, so that views need no scan of its metrics. */
import type { EpochRecord } from '../../trainer/contract/events.js';
import { isBetter, type Objective } from '../domain/metric.js';

export interface MetricSummary {
  /** Value at the cell's best epoch. */
  atBest: number | null;
  /** Value at the last epoch. */
  last: number | null;
  minimum: number | null;
  maximum: number | null;
  /** Sum over the epochs; NaN epochs count nothing. */
  total: number;
}

export interface CellSummary {
  /** The last finished epoch. */
  epochs: number;
  /** The first epoch with the objective's best value; null while it had none but NaN. */
  bestEpoch: number | null;
  metrics: Map<string, MetricSummary>;
}

export const emptySummary = (): CellSummary => ({ epochs: 0, bestEpoch: null, metrics: new Map() });

/** Adds the next epoch to the summary, in place. */
export function addEpoch(summary: CellSummary, record: EpochRecord, objective: Objective): void {
  const previousBest =
    summary.bestEpoch === null ? null : (summary.metrics.get(objective.metric)?.atBest ?? null);
  const improved = isBetter(objective, record.metrics[objective.metric], previousBest);
  summary.epochs = record.epoch;
  if (improved) summary.bestEpoch = record.epoch;
  for (const name of new Set([...summary.metrics.keys(), ...Object.keys(record.metrics)])) {
    const value = record.metrics[name] ?? null;
    const before = summary.metrics.get(name);
    summary.metrics.set(name, {
      atBest: improved ? value : (before?.atBest ?? null),
      last: value,
      minimum: extreme(Math.min, before?.minimum ?? null, value),
      maximum: extreme(Math.max, before?.maximum ?? null, value),
      total: (before?.total ?? 0) + (value ?? 0),
    });
  }
}

function extreme(choose: (a: number, b: number) => number, a: number | null, b: number | null) {
  if (a === null) return b;
  return b === null ? a : choose(a, b);
}
