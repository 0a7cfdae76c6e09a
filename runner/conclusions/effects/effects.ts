/** What each axis does: the page of `grid effects`. */
import { UsageError } from '../../domain/error.js';
import { type GridOutcomes, readOutcomes } from '../../readings/outcomes.js';
import type { Claim } from '../../statistics/claim.js';
import type { Decomposition } from '../../statistics/decomposition.js';
import { mean } from '../../statistics/moments.js';
import { pooledVariance } from '../../statistics/noise.js';
import { holm } from '../../statistics/several-claims.js';
import type { StoreReader } from '../../store/run-store.js';
import { adjustFamilies } from '../adjust.js';
import { type Axis, axesOf, type Family, familiesOf } from '../families.js';
import { type BestOf, bestOf } from './best-of.js';
import { type Comparison, compareValuesOf, fewestPairs } from './comparison.js';
import { failureClaim, failureGroups } from './failures.js';
import { comparisonPrice } from './price.js';
import { interactionClaims, sharesLeftOut, sharesOf } from './shares.js';
import { comparisonClaim, shellWord } from './wording.js';

export interface EffectsOptions {
  /** Without: the only grid there is. */
  grid?: string | undefined;
  /** Its path, or the end of it. */
  axis?: string | undefined;
  /** All cells as they were then. */
  epoch?: number | undefined;
}

export interface AxisEffects extends Axis {
  values: {
    label: string;
    /** Of the settings' means, over whatever combinations it was tried in; null: none has one. */
    mean: number | null;
    /** Means of its settings that have one. */
    dots: readonly number[];
    cells: number;
    /** Of them, those that ended without a value. */
    lost: number;
  }[];
  claims: Claim[];
  /** P(the first label > the second), by claim. */
  better: Record<string, Comparison['better']>;
  /** Pairs of values that no combination of the other axes has both of. */
  incomparable: (readonly [string, string])[];
}

export interface Effects extends Omit<GridOutcomes, 'outcomes'> {
  /** Cells that count, and settings: cells that differ in more than their seed. */
  cells: number;
  settings: number;
  /** Of the seeds of a setting; null: no setting was run twice. */
  noise: { std: number; df: number } | null;
  axes: AxisEffects[];
  /** What failures have in common. */
  failures: Claim[];
  /** What each axis and the seeds explain; null: too few settings, or too many. */
  shares: Decomposition | null;
  /** That there are too many, in words; null: there aren't. */
  sharesLeftOut: string | null;
  /** Where what an axis does depends on another one. */
  interactions: Claim[];
  /** How many cells ended without a value. */
  lost: number;
  /** Null: too few settings. */
  bestOf: BestOf | null;
}

/** @throws StoreError `unknownGrid`; UsageError for an axis that the grid hasn't, or an epoch that not all cells have */
export function readEffects(store: StoreReader, options: EffectsOptions = {}): Effects {
  const reading = readOutcomes(store, options.grid, options.epoch);
  const page = effectsOf(reading, options.epoch);
  if (options.axis === undefined) return page;
  const wanted = options.axis;
  const found = page.axes.filter(({ path, linked }) =>
    [path, ...linked].some(own => own === wanted || own.endsWith(`.${wanted}`)),
  );
  if (found.length !== 1) throw unknownAxis(wanted, reading, page.axes);
  return { ...page, axes: found };
}

/** All that the page claims. */
export const claimsOfEffects = ({ axes, interactions, failures }: Effects): Claim[] => [
  ...axes.flatMap(({ claims }) => claims),
  ...interactions,
  ...failures,
];

function unknownAxis(wanted: string, { grid, outcomes }: GridOutcomes, axes: readonly Axis[]): UsageError {
  const all = new Set(outcomes.flatMap(({ labels }) => Object.keys(labels)));
  const those = axes.map(({ path }) => path).join(', ') || 'none';
  if (all.has(wanted))
    return new UsageError(
      `--axis ${wanted}: the cells of grid ${grid} that are over don't differ in it by more than their seed; axes with two values or more: ${those}`,
    );
  return new UsageError(`--axis ${wanted}: no one axis of grid ${grid} is called so; it has: ${those}`);
}

/** The page from what the cells came to: a pure function. `epoch`: that was asked for. */
export function effectsOf({ outcomes, ...reading }: GridOutcomes, epoch?: number): Effects {
  const { grid, objective } = reading;
  const families = familiesOf(outcomes);
  const axes = axesOf(families);
  const noise = pooledVariance(families.map(({ values }) => values));
  const compared = axes.map(axis => compareValuesOf(axis, families, objective, noise));
  const judged = compared.map(own => own.filter(({ pairs }) => pairs.length >= fewestPairs));
  const failed = failureGroups(outcomes, axes);
  const inFamilies = [
    ...judged.filter(own => own.length > 0).map(own => withinAxis(own)),
    ...failed.map(({ p }) => [p]),
  ];
  const adjusted = adjustFamilies(inFamilies);
  const of = (more: string) =>
    ['grid effects', shellWord(grid), ...(epoch === undefined ? [] : [`--epoch ${epoch}`]), more]
      .filter(word => word !== '')
      .join(' ');
  const shares = sharesOf(families, axes, noise);
  const level = 0.05 / Math.max(1, inFamilies.length);
  const axisPs = adjusted.slice(0, adjusted.length - failed.length);
  return {
    ...reading,
    cells: outcomes.length,
    settings: families.length,
    noise: noise === null ? null : { std: Math.sqrt(noise.variance), df: noise.df },
    axes: axes.map((axis, i): AxisEffects => {
      const own = judged[i]!.length > 0 ? axisPs.shift()! : [];
      const command = of(`--axis ${shellWord(axis.path)}`);
      const claims = compared[i]!.map(comparison => {
        const place = judged[i]!.indexOf(comparison);
        const claim = comparisonClaim(comparison, own[place] ?? null, { objective, command });
        const price = claim.verdict === 'holds' ? null : comparisonPrice(comparison, noise, level);
        if (price !== null) return { ...claim, price };
        const isUseless = claim.adjustedP !== null && claim.verdict === 'undecided' && noise !== null;
        // The combinations are too few for it, or differ in it more than their seeds do.
        return isUseless
          ? { ...claim, text: `${claim.text}; more seeds wouldn't tell, more combinations might` }
          : claim;
      });
      return {
        ...axis,
        values: axis.labels.map(label => effectOf(axis, label, families)),
        claims,
        better: Object.fromEntries(compared[i]!.map(({ better }, place) => [claims[place]!.id, better])),
        incomparable: incomparableOf(axis, compared[i]!),
      };
    }),
    failures: failed.map((group, i) => failureClaim(group, adjusted.at(i - failed.length)![0]!, of(''))),
    shares,
    sharesLeftOut: sharesLeftOut(families, axes),
    interactions:
      shares === null ? [] : interactionClaims(shares, families, axes, { objective, command: of('') }),
    lost: outcomes.filter(({ failure }) => failure !== null).length,
    bestOf: bestOf(families, objective),
  };
}

/** p-values that hold together within the axis. */
const withinAxis = (comparisons: readonly Comparison[]): number[] =>
  comparisons.every(({ method }) => method === 'tukeyKramer')
    ? comparisons.map(({ p }) => p)
    : holm(comparisons.map(({ p }) => p));

function effectOf({ path }: Axis, label: string, families: readonly Family[]): AxisEffects['values'][number] {
  const own = families.filter(({ labels }) => labels[path] === label);
  const dots = own.flatMap(({ mean }) => mean ?? []);
  const outcomes = own.flatMap(({ outcomes }) => outcomes);
  return {
    label,
    mean: dots.length === 0 ? null : mean(dots),
    dots,
    cells: outcomes.length,
    lost: outcomes.filter(({ failure }) => failure !== null).length,
  };
}

const incomparableOf = ({ labels }: Axis, comparisons: readonly Comparison[]): [string, string][] =>
  labels.flatMap((a, i) =>
    labels
      .slice(i + 1)
      .filter(b => !comparisons.some(each => each.a === a && each.b === b))
      .map((b): [string, string] => [a, b]),
  );
