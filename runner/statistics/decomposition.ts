/** How much of the differences between settings goes with each factor, with each two together, and with the seeds. */
import { fUpperTail } from './f-distribution.js';
import { addedRanks, type Gram, gramOf } from './linear-model.js';
import type { PooledVariance } from './noise.js';

/** Runs that differ in nothing but their seed. */
export interface Combination {
  /** One a factor. */
  levels: readonly string[];
  /** Of its runs. */
  mean: number;
  n: number;
}

interface Term {
  /** One: its main effect; two: their interaction. */
  factors: readonly string[];
  df: number;
  /** Type II: what the term explains beyond all terms that don't contain it. */
  sumOfSquares: number;
  /** Against the noise; null: it isn't known, or the term can't be estimated (df 0). */
  f: number | null;
  p: number | null;
  /** ω²: its share of all variance, noise taken out; η² would give a factor without any effect 28% of a grid of 4 × 3 runs. */
  share: number | null;
  /** Terms that it can't be separated from here, wholly (df 0) or in part: their factors. Empty: it stands alone. */
  aliasedWith: readonly (readonly string[])[];
}

export interface Decomposition {
  terms: readonly Term[];
  /** What terms are held against: the spread of the seeds, or where no combination was repeated what the terms leave over. */
  noise: (PooledVariance & { from: 'seeds' | 'residual' }) | null;
  /** Share of the seeds, and of what no term explains. */
  seedShare: number | null;
  restShare: number | null;
}

/**
 * Analysis of variance of combinations that need not be complete or equally often repeated: a linear model of main effects and
 * interactions of two, type II sums of squares (Langsrud 2003), ω² (Hays 1963; Olejnik, Algina 2003).
 *
 * @param noise of the seeds; null: no combination was repeated. Then what the terms leave over is taken for noise, of the main effects
 *   alone if the interactions leave nothing.
 */
export function decompose(
  factors: readonly string[],
  combinations: readonly Combination[],
  noise: PooledVariance | null,
  { interactions = true } = {},
): Decomposition {
  const varying = factors
    .map((_, factor) => factor)
    .filter(factor => new Set(combinations.map(({ levels }) => levels[factor])).size > 1);
  const pairs = interactions ? varying.flatMap((a, i) => varying.slice(i + 1).map(b => [a, b] as const)) : [];
  const termFactors: readonly (readonly number[])[] = [...varying.map(factor => [factor]), ...pairs];
  const gram = gramOf(
    combinations.map(({ levels, mean, n }) => ({ levels, value: mean, weight: n })),
    termFactors,
  );
  const whole = addedRanks(
    gram,
    termFactors.map((_, term) => term),
  );
  const residualDf = combinations.length - 1 - whole.reduce((sum, { rank }) => sum + rank, 0);
  const residual = Math.max(0, gram.total - whole.reduce((sum, { squares }) => sum + squares, 0));
  if (noise === null && residualDf === 0 && pairs.length > 0)
    return decompose(factors, combinations, noise, { interactions: false });
  const against =
    noise !== null
      ? { ...noise, from: 'seeds' as const }
      : residualDf > 0
        ? { variance: residual / residualDf, df: residualDf, from: 'residual' as const }
        : null;
  const within = noise === null ? 0 : noise.variance * noise.df;
  const all = gram.total + within + (against?.variance ?? 0);
  const shareOf = (squares: number, df: number) =>
    against === null || all === 0 ? null : Math.max(0, squares - df * against.variance) / all;
  const terms = termFactors.map((own, term): Term => {
    const others = termFactors.flatMap((other, index) =>
      index !== term && !own.every(factor => other.includes(factor)) ? [index] : [],
    );
    const { rank: df, squares } = addedRanks(gram, [...others, term]).at(-1)!;
    const alone = termFactors.flatMap((other, index) =>
      index !== term && other.every(factor => own.includes(factor)) ? [index] : [],
    );
    const possible = addedRanks(gram, [...alone, term]).at(-1)!.rank;
    const aliases = possible > df ? aliasesOf(gram, termFactors, others, term, df) : [];
    const f = against === null || df === 0 ? null : ratio(squares / df, against.variance);
    return {
      factors: own.map(factor => factors[factor]!),
      df,
      sumOfSquares: squares,
      f,
      p: f === null || against === null ? null : fUpperTail(f, df, against.df),
      share: df === 0 ? null : shareOf(squares, df),
      aliasedWith: aliases.map(index => termFactors[index]!.map(factor => factors[factor]!)),
    };
  });
  const restShare = against?.from === 'seeds' ? shareOf(residual, residualDf) : null;
  const explained = terms.reduce((sum, { share }) => sum + (share ?? 0), restShare ?? 0);
  return {
    terms,
    noise: against,
    // A term that explains less than chance would has none of it, and not less: together they are never more than all.
    seedShare:
      noise === null || all === 0
        ? null
        : Math.max(0, Math.min(1 - explained, ((combinations.length + noise.df) * noise.variance) / all)),
    restShare,
  };
}

const ratio = (squares: number, variance: number) =>
  variance > 0 ? squares / variance : squares > 0 ? Number.POSITIVE_INFINITY : 0;

/**
 * Terms without which (and without those that contain them) more of `term` could be told; where no single one is to blame, as few as
 * can be found one by one.
 */
function aliasesOf(
  gram: Gram,
  termFactors: readonly (readonly number[])[],
  others: readonly number[],
  term: number,
  df: number,
): number[] {
  const contains = (index: number, inner: number) =>
    termFactors[inner]!.every(factor => termFactors[index]!.includes(factor));
  const removable = others.filter(other => !contains(term, other));
  const frees = (removed: readonly number[]) => {
    const left = others.filter(other => !removed.some(inner => contains(other, inner)));
    return addedRanks(gram, [...left, term]).at(-1)!.rank > df;
  };
  const single = removable.filter(other => frees([other]));
  // Without a main effect its interactions are gone too: if one of those alone is to blame, it is the one to name.
  const blamed = single.filter(inner => !single.some(outer => outer !== inner && contains(outer, inner)));
  if (blamed.length > 0) return blamed;
  const end = removable.findIndex((_, index) => frees(removable.slice(0, index + 1)));
  const together = removable.slice(0, end + 1);
  return together.filter(other => !frees(together.filter(kept => kept !== other)));
}
