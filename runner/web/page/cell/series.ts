/** Curves as charts need them. */
import type { EpochRecord } from '../../../../trainer/contract/events.js';
import type { Curve } from '../../../domain/stored.js';

export type XAxis = 'epoch' | 'step' | 'time';
export const xTitles: Readonly<Record<XAxis, string>> = {
  epoch: 'epoch',
  step: 'optimizer step',
  time: 'seconds of training',
};

/** Where each epoch of a cell lies on an axis. */
export function xsOf(epochs: readonly EpochRecord[], axis: XAxis): number[] {
  let seconds = 0;
  return epochs.map(({ epoch, step, metrics }) => {
    seconds += metrics.seconds ?? 0;
    return axis === 'epoch' ? epoch : axis === 'step' ? step : seconds;
  });
}

/** Values at these places; undefined where there is none, which is no gap of the line. */
export function valuesAt(
  places: readonly number[],
  points: Curve['points'] | undefined,
): (number | null | undefined)[] {
  const known = new Map(points);
  return places.map(place => known.get(place));
}

interface SeedBand {
  mean: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
}

/**
 * Mean ± standard deviation of several cells at each epoch that all of them have; where one has ended earlier there is none, since a
 * mean of others would jump. Nothing is sampled.
 */
export function bandOf(epochs: readonly number[], curves: readonly Curve['points'][]): SeedBand {
  const known = curves.map(points => new Map(points));
  const band: SeedBand = { mean: [], low: [], high: [] };
  for (const epoch of epochs) {
    const values = known.flatMap(points => points.get(epoch) ?? []);
    const isWhole = values.length === curves.length && values.length > 1;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
    band.mean.push(isWhole ? mean : null);
    band.low.push(isWhole ? mean - std : null);
    band.high.push(isWhole ? mean + std : null);
  }
  return band;
}
