/** Results of a cell in short, kept up to date with every epoch, so that views need no scan of its metrics. */
import type { EpochRecord } from '../../../trainer/contract/events.js';
import { isBetter, type Objective, trainingCounterpart } from '../../domain/metric.js';

/** Null: no such value, or NaN. */
export interface Summary {
  /** The last finished epoch. */
  epochs: number;
  /** The first epoch with the objective's best value. */
  bestEpoch: number | null;
  /** The objective at the best epoch, at the last one, and its training counterpart at the best epoch. */
  value: number | null;
  lastValue: number | null;
  trainValue: number | null;
  /** Sum of the epochs' measured `seconds`. */
  seconds: number | null;
}

export const emptySummary: Readonly<Summary> = {
  epochs: 0,
  bestEpoch: null,
  value: null,
  lastValue: null,
  trainValue: null,
  seconds: null,
};

/** Which objective it is by, as columns of `cells`. */
export const objectiveColumns = ({ objective }: { objective: Objective }) => ({
  objective_metric: objective.metric,
  objective_direction: objective.direction,
});

/** The summary with one more epoch. */
export function withEpoch(
  before: Readonly<Summary>,
  { epoch, metrics }: EpochRecord,
  objective: Objective,
): Summary {
  const lastValue = metrics[objective.metric] ?? null;
  const { seconds } = metrics;
  const after = {
    ...before,
    epochs: epoch,
    lastValue,
    seconds: seconds === undefined || seconds === null ? before.seconds : (before.seconds ?? 0) + seconds,
  };
  if (!isBetter(objective, lastValue, before.value)) return after;
  const counterpart = trainingCounterpart(objective);
  return {
    ...after,
    bestEpoch: epoch,
    value: lastValue,
    trainValue: counterpart === null ? null : (metrics[counterpart] ?? null),
  };
}
