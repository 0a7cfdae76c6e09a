/** The metrics of a finished epoch, and whether they are the best so far. */
import type { EpochRecord, epochMetrics } from '../contract/events.js';
import type { Objective } from '../contract/run-spec.js';
import type { EpochResult, TrainResult } from './epoch.js';

const number = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** `epoch` is 1-based; `start`: `performance.now()` at its beginning. */
export function epochRecord(finished: {
  epoch: number;
  step: number;
  trained: TrainResult;
  validated: EpochResult;
  learningRate: number;
  start: number;
}): EpochRecord {
  const { epoch, step, trained, validated, learningRate, start } = finished;
  const metrics: Record<(typeof epochMetrics)[number], number | null> = {
    trainLoss: number(trained.loss),
    trainAccuracy: number(trained.accuracy),
    validationLoss: number(validated.loss),
    validationAccuracy: number(validated.accuracy),
    learningRate,
    imagesPerSecond: number(trained.imagesPerSecond),
    dataWaitShare: number(trained.dataWaitShare),
    memoryMegabytes: process.memoryUsage.rss() / 1e6,
    seconds: (performance.now() - start) / 1000,
  };
  return { epoch, step, metrics };
}

/** Strictly better than the best one so far; a missing value never is. */
export function improves(
  value: number | null,
  best: { value: number } | null,
  direction: Objective['direction'],
): boolean {
  if (value === null) return false;
  if (best === null) return true;
  return direction === 'maximize' ? value > best.value : value < best.value;
}
