/** What it would cost to decide: seeds by power, time by measured epochs. */
import type { Outcome } from '../readings/outcomes.js';
import type { Price } from '../statistics/claim.js';
import { mean } from '../statistics/moments.js';
import { tQuantile } from '../statistics/student.js';

const power = 0.8;
/** More than so many seeds each nobody runs: the difference is too small to be worth it. */
const mostSeeds = 50;

/**
 * Seeds each that tell two settings apart with 80% power, by a t-test with the pooled noise of the seeds.
 *
 * @param difference to be told, any sign
 * @param noise standard deviation of a seed, pooled, and its degrees of freedom so far; those of the new seeds are added
 * @param level two-sided, 0.05 divided by how many claims are made
 * @returns the fewest, at least 2; null: more than 50
 */
export function seedsToTell(
  difference: number,
  noise: { std: number; df: number },
  level = 0.05,
): number | null {
  return fewest(seeds => {
    const df = Math.max(noise.df, 2 * (seeds - 1));
    return isTold(difference, Math.sqrt(2 / seeds) * noise.std, df, level);
  });
}

/**
 * Seeds each that tell the mean difference of `n` pairs: they quieten the seeds' part of its spread, and leave the part by which
 * settings differ in it.
 *
 * @param spread variance of the pairs' differences that isn't the seeds'
 * @returns null: not even 50 would
 */
export function seedsToTellPairs(
  difference: number,
  { n, spread, std }: { n: number; spread: number; std: number },
  level = 0.05,
): number | null {
  return fewest(seeds => isTold(difference, Math.sqrt((spread + (2 * std ** 2) / seeds) / n), n - 1, level));
}

function fewest(isEnough: (seeds: number) => boolean): number | null {
  for (let seeds = 2; seeds <= mostSeeds; seeds++) if (isEnough(seeds)) return seeds;
  return null;
}

const isTold = (difference: number, error: number, df: number, level: number) =>
  df > 0 &&
  Math.abs(difference) >= error * (tQuantile(1 - level / 2, df) + tQuantile(power, df)) &&
  difference !== 0;

/**
 * Of bringing each of these settings to so many seeds.
 *
 * @param settings the outcomes of each; one with as many seeds costs nothing
 */
export function priceOf(settings: readonly (readonly Outcome[])[], seeds: number): Price {
  const more = settings.map(outcomes => Math.max(0, seeds - outcomes.length));
  const seconds = settings.map(outcomes => {
    const known = outcomes.flatMap(({ epochSeconds, epochsAsked }) =>
      epochSeconds === null ? [] : [epochSeconds * epochsAsked],
    );
    return known.length === 0 ? null : mean(known);
  });
  const total = seconds.reduce<number | null>(
    (sum, own, i) => (more[i] === 0 ? sum : own === null || sum === null ? null : sum + more[i]! * own),
    0,
  );
  return { seeds: Math.max(...more), runs: more.reduce((sum, own) => sum + own, 0), seconds: total };
}
