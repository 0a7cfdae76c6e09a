/** Overfit watch: from which epoch on training runs away from validation. */
import { type Objective, trainingCounterpart } from '../domain/metric.js';
import type { CellCurves } from './curves.js';

/** Epochs of the running mean that takes the noise out of the gaps. */
const smoothedEpochs = 3;
/** So many epochs in a row must the gap grow. */
const growingEpochs = 3;

/**
 * How far training is ahead of validation after each epoch, by the objective's counterpart (`trainAccuracy` of
 * `validationAccuracy`): positive where training is better, the mean over the cells that have both. Empty for objectives
 * without a counterpart.
 */
export function gapsOf(cells: Iterable<CellCurves>, objective: Objective): number[] {
  const counterpart = trainingCounterpart(objective);
  if (counterpart === null) return [];
  const sign = objective.direction === 'maximize' ? 1 : -1;
  const sums: { sum: number; count: number }[] = [];
  for (const curves of cells) {
    const training = new Map(curves.get(counterpart));
    for (const [epoch, validation] of curves.get(objective.metric) ?? []) {
      const train = training.get(epoch) ?? null;
      if (train === null || validation === null) continue;
      sums[epoch - 1] ??= { sum: 0, count: 0 };
      sums[epoch - 1]!.sum += sign * (train - validation);
      sums[epoch - 1]!.count++;
    }
  }
  return Array.from(sums, entry => (entry === undefined ? Number.NaN : entry.sum / entry.count));
}

/**
 * A gap that chance alone makes: two standard errors of an accuracy on so many validation images, √(p (1 - p) / n) at p = ½;
 * of other metrics 0.
 */
export const chanceGap = ({ metric }: Objective, validationImages: number | null): number =>
  metric.endsWith('Accuracy') && validationImages ? 1 / Math.sqrt(validationImages) : 0;

/**
 * The epoch (1-based) at which overfitting began, or null.
 *
 * Rule, on the running mean of the gap over three epochs: it begins at the first epoch from which on the gap stays
 * above that of chance and never falls back below what it was there, and after which it grows three epochs in a row. A gap
 * that closes again, or that is wide and stays as it is, is no overfitting.
 */
export function overfitSince(gaps: readonly number[], chance = 0): number | null {
  const smooth = gaps.map((_, end) => {
    const part = gaps.slice(Math.max(0, end + 1 - smoothedEpochs), end + 1);
    return part.reduce((sum, gap) => sum + gap, 0) / part.length;
  });
  const begins = (start: number) =>
    smooth.slice(start).every(gap => gap > chance && gap >= smooth[start]!) &&
    Array.from({ length: growingEpochs }, (_, step) => start + step).every(
      epoch => smooth[epoch + 1]! > smooth[epoch]!,
    );
  const start = smooth.findIndex((_, epoch) => begins(epoch));
  return start < 0 ? null : start + 1;
}
