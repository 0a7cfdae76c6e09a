/** The metrics of a finished epoch, and the best epoch so far. */
import type { CheckpointState } from '../checkpoints/checkpoint-state.js';
import type { EpochRecord, emaMetrics, epochMetrics } from '../contract/events.js';
import type { Objective } from '../contract/run-spec.js';
import type { TrainResult, ValidationResult } from '../training/epoch.js';

const number = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** `epoch` is 1-based; `start`: `performance.now()` at its beginning. */
export function epochRecord(finished: {
  epoch: number;
  step: number;
  trained: TrainResult;
  validated: ValidationResult;
  /** The same by the averaged weights. */
  validatedAverage: ValidationResult | null;
  learningRate: number;
  start: number;
}): EpochRecord {
  const { epoch, step, trained, validated, validatedAverage, learningRate, start } = finished;
  const ofAverage: Record<(typeof emaMetrics)[number], number | null> | null = validatedAverage && {
    emaValidationLoss: number(validatedAverage.loss),
    emaValidationAccuracy: number(validatedAverage.accuracy),
    emaValidationTop5Accuracy: number(validatedAverage.top5Accuracy),
  };
  const metrics: Record<(typeof epochMetrics)[number], number | null> = {
    trainLoss: number(trained.loss),
    trainAccuracy: number(trained.accuracy),
    validationLoss: number(validated.loss),
    validationAccuracy: number(validated.accuracy),
    validationTop5Accuracy: number(validated.top5Accuracy),
    learningRate,
    imagesPerSecond: number(trained.imagesPerSecond),
    dataWaitShare: number(trained.dataWaitShare),
    memoryMegabytes: process.memoryUsage.rss() / 1e6,
    seconds: (performance.now() - start) / 1000,
  };
  return { epoch, step, metrics: { ...metrics, ...ofAverage } };
}

/** The better one of the new epoch and the best so far: the earlier one where they are equal. */
export function bestOf(
  { epoch, metrics }: EpochRecord,
  best: CheckpointState['best'],
  { metric, direction }: Objective,
): CheckpointState['best'] {
  const value = metrics[metric] ?? null;
  if (value === null) return best;
  if (best === null) return { epoch, value };
  const isBetter = direction === 'maximize' ? value > best.value : value < best.value;
  return isBetter ? { epoch, value } : best;
}
