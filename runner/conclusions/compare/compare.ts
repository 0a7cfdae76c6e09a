/** Cells or settings beside each other: the page of `grid compare`. */
import type { Evaluation } from '../../../trainer/contract/evaluation.js';
import { GridfarmError } from '../../domain/error.js';
import type { Objective } from '../../domain/metric.js';
import { type CellCurves, readCurves } from '../../readings/curves.js';
import { type Outcome, readOutcomes } from '../../readings/outcomes.js';
import type { Claim } from '../../statistics/claim.js';
import { mean, standardDeviation } from '../../statistics/moments.js';
import { brownForsythe, pooledVariance } from '../../statistics/noise.js';
import { holm } from '../../statistics/several-claims.js';
import type { StoreReader } from '../../store/run-store.js';
import { shellWord } from '../effects/wording.js';
import { familiesOf } from '../families.js';
import { priceOf, seedsToTell } from '../price.js';
import { describeGain, describeP } from '../words.js';
import { type ClassComparison, compareClasses } from './classes.js';
import { type Difference, differenceOf } from './difference.js';
import { imageClaims, type PairedSides } from './image-claims.js';
import { imageDifference, type PredictionsOf } from './images.js';
import { type SettingDifference, settingDifferences } from './settings.js';
import { type AskedSide, findSides } from './sides.js';

export interface ComparedSide {
  name: string;
  cells: readonly string[];
  /** At the best epochs, the mean over its cells that are over or far enough; null: none has one. */
  value: number | null;
  std: number | null;
  /** Cells that it is the mean of, those that ended without a value, and those that are left out. */
  n: number;
  lost: number;
  open: number;
  /** Of all epochs that there are. */
  last: number | null;
  /** Measured training time of a cell of all its epochs. */
  seconds: number | null;
  /** Epoch and the objective's mean over the cells that have one there. */
  curve: readonly (readonly [epoch: number, value: number])[];
}

export interface Compared {
  grid: string;
  objective: Objective;
  /** The last epoch that counts; null: all. */
  epoch: number | null;
  sides: ComparedSide[];
  settings: SettingDifference[];
  /** Of the first two sides. */
  classes: ClassComparison | null;
  claims: Claim[];
}

/** What is kept of a cell's best weights; null: nothing is. */
export interface KeptFigures {
  evaluationOf(cell: string): Evaluation | null;
  predictionsOf: PredictionsOf;
}

export function readCompared(
  store: StoreReader,
  words: readonly string[],
  grid: string | undefined,
  { evaluationOf, predictionsOf }: KeptFigures,
): Compared {
  return store.snapshot(() => {
    const page = compared(store, words, predictionsOf, grid);
    const evaluationsOf = (side: ComparedSide) => side.cells.flatMap(cell => evaluationOf(cell) ?? []);
    const [a, b] = page.sides;
    return { ...page, classes: compareClasses(evaluationsOf(a!), evaluationsOf(b!)) };
  });
}

function compared(
  store: StoreReader,
  words: readonly string[],
  predictionsOf: PredictionsOf,
  name?: string,
): Omit<Compared, 'classes'> {
  const { grid, sides } = findSides(store, words, name);
  const ids = sides.flatMap(({ cells }) => cells.map(({ cellId }) => cellId));
  const { outcomes, objective, epoch, validationImages } = readOutcomes(store, grid, undefined, new Set(ids));
  const curves = readCurves(store, ids, [objective.metric]);
  const of = ({ cells }: AskedSide) =>
    outcomes.filter(({ cell }) => cells.some(({ cellId }) => cellId === cell));
  return {
    grid,
    objective,
    epoch,
    sides: sides.map(side => sideOf(side, of(side), curves, objective)),
    settings: settingDifferences(
      sides.map(({ cells: [first, ...others] }) =>
        // Of seeds that are averaged the first says nothing.
        others.length === 0 ? first!.spec : { ...first!.spec, seed: Number.NaN },
      ),
    ),
    claims: claimsOfSides(sides, of, {
      grid,
      objective,
      images: validationImages,
      predictionsOf,
      ...noiseOf(store, grid, epoch),
    }),
  };
}

/** Of all settings of the grid; of the two sides alone where settings are unequally noisy. */
function noiseOf(store: StoreReader, grid: string, epoch: number | null) {
  const all = readOutcomes(store, grid);
  const values = all.epoch === epoch ? familiesOf(all.outcomes).map(family => family.values) : [];
  return { values, areUnequal: (brownForsythe(values) ?? 1) < 0.05 };
}

function sideOf(
  { name, cells }: AskedSide,
  outcomes: readonly Outcome[],
  curves: ReadonlyMap<string, CellCurves>,
  { metric }: Objective,
): ComparedSide {
  const values = outcomes.flatMap(({ value }) => value ?? []);
  const own = cells.map(({ cellId }) => curves.get(cellId)?.get(metric) ?? []);
  const seconds = outcomes.flatMap(({ epochSeconds, epochsAsked }) =>
    epochSeconds === null ? [] : [epochSeconds * epochsAsked],
  );
  const epochs = Math.max(0, ...cells.map(each => each.epochs));
  const curve = Array.from({ length: epochs }, (_, index) => index + 1).flatMap(
    (epoch): [number, number][] => {
      const there = own.flatMap(points => points.find(([at]) => at === epoch)?.[1] ?? []);
      return there.length === 0 ? [] : [[epoch, mean(there)]];
    },
  );
  return {
    name,
    cells: cells.map(({ cellId }) => cellId),
    value: values.length === 0 ? null : mean(values),
    std: standardDeviation(values),
    n: values.length,
    lost: outcomes.length - values.length,
    open: cells.length - outcomes.length,
    last: curve.at(-1)?.[1] ?? null,
    seconds: seconds.length === 0 ? null : mean(seconds),
    curve,
  };
}

interface Grounds {
  grid: string;
  objective: Objective;
  images: number | null;
  predictionsOf: PredictionsOf;
  values: readonly (readonly number[])[];
  areUnequal: boolean;
}

/**
 * Of each two sides: by their seeds, and by the images that they have predictions of. These are questions of their own (other seeds,
 * other images), each adjusted for itself; as if each side had its own images they are compared only where they can't be paired.
 */
function claimsOfSides(
  sides: readonly AskedSide[],
  of: (side: AskedSide) => Outcome[],
  { grid, objective, images, predictionsOf, values, areUnequal }: Grounds,
): Claim[] {
  const keys = sides.map(({ cells }) => cells[0]!.cellId);
  const command = `grid compare ${keys.map(key => key.slice(0, 8)).join(' ')} --grid ${shellWord(grid)}`;
  const pairs = sides.flatMap((a, i) => sides.slice(i + 1).map((b, j) => ({ a, b, i, j: i + 1 + j })));
  const idOf = (i: number, j: number) => `compare/${keys.join(',')}/${keys[i]}:${keys[j]}`;
  const paired = pairs.flatMap(({ a, b, i, j }): PairedSides[] => {
    const difference = imageDifference(of(a), of(b), predictionsOf);
    return difference === null
      ? []
      : [
          {
            id: `${idOf(i, j)}/images`,
            names: [a.name, b.name],
            counts: [of(a).length, of(b).length],
            difference,
          },
        ];
  });
  const found = pairs.flatMap(({ a, b, i, j }) => {
    const own = [of(a), of(b)] as const;
    const ofTwo = own.map(side => side.flatMap(({ value }) => value ?? []));
    const noise = pooledVariance(areUnequal || values.length === 0 ? ofTwo : values);
    const difference = differenceOf(...own, objective, noise, images);
    const isPaired = paired.some(({ id }) => id === `${idOf(i, j)}/images`);
    return difference === null || (difference.unit === 'images' && isPaired)
      ? []
      : [{ a, b, i, j, own, noise, difference }];
  });
  const adjusted = holm(found.map(({ difference }) => difference.p ?? 1));
  const bySeeds = found.map(({ a, b, i, j, own, noise, difference }, place): Claim => {
    const adjustedP = difference.p === null ? null : adjusted[place]!;
    const holds = adjustedP !== null && adjustedP < 0.05;
    const std = noise === null ? null : Math.sqrt(noise.variance);
    const isPriced = !holds && std !== null && own[0][0]!.family !== own[1][0]!.family;
    const seeds = !isPriced
      ? null
      : seedsToTell(difference.estimate, { std, df: noise!.df }, 0.05 / found.length);
    const price = seeds === null ? null : priceOf(own, seeds);
    return {
      id: idOf(i, j),
      kind: 'compare',
      text: `${sentence(a.name, b.name, difference, adjustedP, objective, found.length > 1)}${isPriced && seeds === null ? '; not even 50 seeds each would tell a difference of this size' : ''}`,
      verdict: holds ? 'holds' : 'undecided',
      ...{ estimate: difference.estimate, interval: difference.interval, p: difference.p, adjustedP },
      ...{ n: difference.n, unit: difference.unit, command },
      cells: own.flatMap(side => side.map(({ cell }) => cell)),
      ...(price !== null && price.runs > 0 && { price }),
    };
  });
  return [...bySeeds, ...imageClaims(paired, command)];
}

function sentence(
  a: string,
  b: string,
  { estimate, interval, method }: Difference,
  adjustedP: number | null,
  objective: Objective,
  isAdjusted: boolean,
): string {
  const isAhead = estimate >= 0;
  const [first, second] = isAhead ? [a, b] : [b, a];
  const range = interval === null || isAhead ? interval : ([-interval[1], -interval[0]] as const);
  const gain = describeGain(Math.abs(estimate), range, objective);
  const figures =
    adjustedP === null ? gain : `${gain}, ${describeP(adjustedP)}${isAdjusted ? ' after Holm' : ''}`;
  return adjustedP !== null && adjustedP < 0.05
    ? `${first} beats ${second}: ${figures}; ${method}`
    : `${first} and ${second} can't be told apart: ${first} ahead by ${figures}; ${method}`;
}

/** A claim of before, of the same sides; null: one of them is no longer there, or has no value. */
export function comparedAgain(
  store: StoreReader,
  grid: string,
  { id }: Claim,
  predictionsOf: PredictionsOf,
): Claim | null {
  const [, keys = ''] = id.split('/');
  try {
    return (
      compared(store, keys.split(','), predictionsOf, grid).claims.find(claim => claim.id === id) ?? null
    );
  } catch (error) {
    if (error instanceof GridfarmError && error.kind === 'usage') return null;
    throw error;
  }
}
