/** What trying more settings bought. */
import type { Objective } from '../../domain/metric.js';
import { bestOfCurve } from '../../statistics/best-of.js';
import type { Family } from '../families.js';

export interface BestOf {
  /** Expected best of n settings, n from 1 on. */
  curve: readonly number[];
  /** Settings that the first 60% are, and by how much all of them are better; positive. */
  first: number;
  gain: number;
}

/** Of fewer settings a curve says nothing. */
const fewestSettings = 5;

/** Over the settings that have a mean; null: fewer than five. */
export function bestOf(families: readonly Family[], { direction }: Objective): BestOf | null {
  const means = families.flatMap(({ mean }) => mean ?? []);
  if (means.length < fewestSettings) return null;
  const sign = direction === 'maximize' ? 1 : -1;
  const curve = bestOfCurve(means.map(value => sign * value));
  const first = Math.round(0.6 * curve.length);
  return {
    curve: curve.map(value => sign * value),
    first,
    gain: curve.at(-1)! - curve[first - 1]!,
  };
}
