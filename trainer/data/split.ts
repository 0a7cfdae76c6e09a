import type { DataSpec, ValidationSpec } from '../contract/run-spec.js';
import { Draws, purposeKey, shuffle } from '../random/random.js';
import type { Problems } from './data-error.js';

/** Places of the images in the data set, ascending. */
export interface Split {
  train: Int32Array;
  validation: Int32Array;
  /** Whether the seed has drawn which of several equal classes have a validation image. */
  hasDrawnTies?: boolean;
}

const splitPurpose = purposeKey('split');
const tiePurpose = purposeKey('split ties');

/** The split that a spec asks for, where the first `trainCount` images are those of the data set's training part. */
export function splitExamples(
  { validation }: DataSpec,
  labels: Int32Array,
  classes: number,
  trainCount: number,
): Split {
  if (validation.source === 'split') return splitImages(labels, classes, validation);
  const places = Int32Array.from(labels.keys());
  return { train: places.slice(0, trainCount), validation: places.slice(trainCount) };
}

/** Warns of classes that a part has no image of. */
export function reportHoles(
  spec: DataSpec,
  split: Split,
  { labels, classes }: { labels: Int32Array; classes: readonly string[] },
  problems: Problems,
): void {
  const key = spec.validation.source === 'files' ? 'validation' : 'validation.fraction';
  const report = (places: Int32Array, message: string) => {
    const found = new Set(Array.from(places, place => labels[place]));
    classes.forEach((name, label) => {
      if (places.length > 0 && !found.has(label)) problems.warning(key, message, name);
    });
  };
  report(split.train, `classes without a training image, of ${classes.length}`);
  report(split.validation, `classes without a validation image, of ${classes.length}`);
}

/** Neither part may be empty. */
export function checkSplit(spec: DataSpec, { train, validation }: Split, problems: Problems): void {
  const key = spec.validation.source === 'files' ? 'validation' : 'validation.fraction';
  const total = train.length + validation.length;
  if (validation.length === 0) problems.error(key, `no image of ${total} is left for validation`);
  if (train.length === 0) problems.error(key, `no image of ${total} is left for training`);
}

/**
 * Holds out `fraction` of the images. A pure function of the labels and of `validation`: every cell with the same
 * seed gets the same split.
 *
 * Stratified: each class gives its share; what rounding leaves goes to the classes with the largest remainders, and
 * no class is held out whole. Among equal remainders the first classes go before, as they always have; but where that would
 * leave one of them without any validation image, the seed draws (as scikit-learn's StratifiedShuffleSplit does). Results
 * of the time before that are known as stale by their trainer version; all other splits are what they were.
 */
export function splitImages(labels: Int32Array, classes: number, validation: ValidationSpec): Split {
  const groups = validation.stratified ? groupByClass(labels, classes) : [Int32Array.from(labels.keys())];
  const total = Math.round(labels.length * validation.fraction);
  const draws = new Draws();
  const { taken: heldOut, hasDrawnTies } = shares(
    groups.map(({ length }) => length),
    validation.fraction,
    total,
    order => shuffle(order, draws.at(validation.seed, tiePurpose, 0, 0)),
  );
  const isHeldOut = new Uint8Array(labels.length);
  groups.forEach((group, index) => {
    shuffle(group, draws.at(validation.seed, splitPurpose, 0, index));
    for (const image of group.subarray(0, heldOut[index])) isHeldOut[image] = 1;
  });
  const places = Int32Array.from(labels.keys());
  return {
    train: places.filter(image => isHeldOut[image] === 0),
    validation: places.filter(image => isHeldOut[image] === 1),
    hasDrawnTies,
  };
}

function groupByClass(labels: Int32Array, classes: number): Int32Array[] {
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label]!++;
  const groups = Array.from(counts, count => new Int32Array(count));
  counts.fill(0);
  labels.forEach((label, image) => {
    groups[label]![counts[label]!++] = image;
  });
  return groups;
}

/**
 * How many of each group of `sizes` are taken, `total` together where that leaves one of each group; `draw` brings the
 * groups that are tied into an order.
 */
function shares(
  sizes: number[],
  fraction: number,
  total: number,
  draw: (groups: Int32Array) => void,
): { taken: number[]; hasDrawnTies: boolean } {
  const taken = sizes.map(size => Math.min(Math.floor(size * fraction), Math.max(size - 1, 0)));
  const remainder = sizes.map((size, group) => size * fraction - taken[group]!);
  const byRemainder = [...sizes.keys()]
    .filter(group => sizes[group]! - 1 - taken[group]! > 0)
    .sort((a, b) => remainder[b]! - remainder[a]! || a - b);
  const rest = Math.max(0, total - taken.reduce((sum, count) => sum + count, 0));
  const last = byRemainder[rest - 1];
  const isTied = (group: number) => last !== undefined && remainder[group] === remainder[last];
  const hasDrawnTies = byRemainder.slice(rest).some(group => isTied(group) && taken[group] === 0);
  if (hasDrawnTies) {
    const tied = byRemainder.filter(isTied);
    const order = Int32Array.from(tied);
    draw(order);
    // Those that would have none go before those that have some.
    const drawn = [...order].sort((a, b) => Math.sign(taken[a]!) - Math.sign(taken[b]!));
    byRemainder.splice(byRemainder.indexOf(tied[0]!), tied.length, ...drawn);
  }
  for (const group of byRemainder.slice(0, rest)) taken[group]!++;
  return { taken, hasDrawnTies };
}
