/** Metrics and what makes one value better than another. */
import type { Objective } from '../../trainer/contract/run-spec.js';

export type { Objective } from '../../trainer/contract/run-spec.js';

export interface Metric {
  /** Name without the split: `loss`, `accuracy`, `learningRate`. */
  name: string;
  split: 'train' | 'validation' | null;
  /** Null: not finite. */
  value: number | null;
  /** 1-based. */
  epoch: number;
  step: number;
}

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
