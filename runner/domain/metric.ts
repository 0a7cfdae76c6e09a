/** Metrics and what makes one value better than another. */
import type { Objective } from '../../trainer/contract/run-spec.js';

export type { Objective } from '../../trainer/contract/run-spec.js';

/** Whether `value` beats `best`; a missing or non-finite value beats nothing, and anything beats it. */
export function isBetter(
  { direction }: Objective,
  value: number | null | undefined,
  best: number | null | undefined,
): boolean {
  if (value === null || value === undefined || Number.isNaN(value)) return false;
  if (best === null || best === undefined || Number.isNaN(best)) return true;
  return direction === 'maximize' ? value > best : value < best;
}

/** For sorting, best first; missing values come last. */
export function compareValues(a: number | null, b: number | null, direction: Objective['direction']): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return direction === 'maximize' ? b - a : a - b;
}

/** What the objective is on training images: `trainLoss` for `validationLoss` and `emaValidationLoss`; null: it has no such counterpart. */
export function trainingCounterpart({ metric }: Objective): string | null {
  const counterpart = metric.replace(/^(?:validation|emaValidation)/, 'train');
  return counterpart === metric ? null : counterpart;
}
