/** How far behind a value must be to be surely worse: one standard error of the difference. */
import type { Stopping } from '../domain/stopping.js';
import type { Standing } from './families.js';

export type Measured = Extract<Standing, { at: 'value' }>;

/** Of the difference of two values; undefined: it isn't known before all of them are. */
export type Margin = ((a: Measured, b: Measured) => number) | undefined;

/**
 * Binomial by the validation images where each configuration is judged by one seed; by the pooled standard deviation of seeds where
 * some are judged by several. 0 where neither can be had.
 *
 * @param hasSeeds whether some are judged by several: by the grid, whatever is known of them yet
 * @param all values of a rung; undefined: some aren't known
 */
export function marginOf(
  { margin }: Pick<Stopping, 'margin'>,
  hasSeeds: boolean,
  all: readonly Measured[] | undefined,
): Margin {
  if (margin !== 'auto') return () => margin;
  if (!hasSeeds) return (a, b) => Math.sqrt(binomialVariance(a) + binomialVariance(b));
  if (all === undefined) return undefined;
  const variance = pooledVariance(all);
  return (a, b) => Math.sqrt(variance / a.seeds.length + variance / b.seeds.length);
}

/** Values that are no shares of images have none that is known. */
function binomialVariance({ value, images }: Measured): number {
  const share = Math.abs(value);
  return images === null || share > 1 ? 0 : (share * (1 - share)) / images;
}

/** Within configurations, of one seed; 0: none has two. */
function pooledVariance(all: readonly Measured[]): number {
  let [squares, degrees] = [0, 0];
  for (const { value, seeds } of all) {
    for (const seed of seeds) squares += (seed - value) ** 2;
    degrees += seeds.length - 1;
  }
  return degrees === 0 ? 0 : squares / degrees;
}
