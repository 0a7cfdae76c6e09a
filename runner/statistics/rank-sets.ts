/** Which of many means can be told apart, all of them at once. */
import { studentizedRangeQuantile } from './studentized-range.js';

export interface Estimate {
  value: number;
  /** Squared standard error; Infinity: not known. */
  variance: number;
  /** Of the variance. */
  df: number;
}

export interface RankSet {
  /** How many of the others are greater beyond chance. */
  greater: number;
  /** How many are less. */
  less: number;
}

/** Variances are told apart in so many steps; where there are more, they are rounded up, which is on the safe side. */
const steps = 56;

/**
 * For each mean, how many others are greater or less: at `confidence` all of these statements hold together, so that its true rank is
 * within [1 + greater, count − less] (M. Mogstad et al., "Inference for ranks", Rev. Econ. Stud. 91 (2024) 476–518, with all pairs by
 * Tukey and Kramer instead of their bootstrap). Those with none greater may be the greatest; if several are it, all of them are in
 * that set at once. Hsu's narrower comparisons with the best promise that only of each by itself: in a grid where nothing makes a
 * difference they leave one of the best out far more often than in one of twenty.
 *
 * n log n for few different errors, as in a grid where all settings have as many seeds.
 *
 * @param count of the means that are looked at together: more than `estimates` where these are a part
 */
export function rankSets(
  estimates: readonly Estimate[],
  { confidence = 0.95, count = estimates.length } = {},
): RankSet[] {
  const sets = estimates.map(() => ({ greater: 0, less: 0 }));
  const classes = classesOf(estimates);
  for (const [i, a] of classes.entries())
    for (const b of classes.slice(0, i + 1)) {
      const error = Math.sqrt((a.variance + b.variance) / 2);
      const apart =
        error === 0
          ? 0
          : studentizedRangeQuantile(confidence, Math.max(2, count), Math.min(a.df, b.df)) * error;
      compare(a.members, b.members, apart, estimates, sets);
      if (a !== b) compare(b.members, a.members, apart, estimates, sets);
    }
  return sets;
}

/** For each of `own` how many of `others` are apart by more than so much: one pass, since both are in order. */
function compare(
  own: readonly number[],
  others: readonly number[],
  apart: number,
  estimates: readonly Estimate[],
  sets: RankSet[],
): void {
  let less = 0;
  let notGreater = 0;
  for (const index of own) {
    const { value } = estimates[index]!;
    while (less < others.length && value - estimates[others[less]!]!.value > apart) less++;
    while (notGreater < others.length && estimates[others[notGreater]!]!.value - value <= apart) notGreater++;
    sets[index]!.less += less;
    sets[index]!.greater += others.length - notGreater;
  }
}

interface Class {
  variance: number;
  df: number;
  /** Places in the list, the least value first. */
  members: number[];
}

/** Estimates of the same error, without those whose error isn't known. */
function classesOf(estimates: readonly Estimate[]): Class[] {
  const known = estimates.flatMap(({ variance }, index) => (Number.isFinite(variance) ? [index] : []));
  const rounded = roundingOf(known.map(index => estimates[index]!.variance));
  const classes = new Map<string, Class>();
  for (const index of known.sort((a, b) => estimates[a]!.value - estimates[b]!.value)) {
    const { variance, df } = estimates[index]!;
    const up = rounded(variance);
    const key = `${up} ${df}`;
    const own = classes.get(key);
    if (own === undefined) classes.set(key, { variance: up, df, members: [index] });
    else own.members.push(index);
  }
  return [...classes.values()];
}

function roundingOf(variances: readonly number[]): (variance: number) => number {
  const different = new Set(variances);
  if (different.size <= steps) return variance => variance;
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const variance of different) {
    if (variance > 0) least = Math.min(least, variance);
    most = Math.max(most, variance);
  }
  const step = Math.log(most / least) / steps;
  return variance =>
    variance === 0 ? 0 : least * Math.exp(Math.ceil(Math.log(variance / least) / step - 1e-9) * step);
}
