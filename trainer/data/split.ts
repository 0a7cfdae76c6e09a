import { Draws, purposeKey, shuffle } from '../augmentation/random.js';
import type { DataSpec, ValidationSpec } from '../contract/run-spec.js';
import type { Problems } from './data-error.js';

/** Places of the images in the data set, ascending. */
export interface Split {
  train: Int32Array;
  validation: Int32Array;
}

const splitPurpose = purposeKey('split');

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
 * no class is held out whole.
 */
export function splitImages(labels: Int32Array, classes: number, validation: ValidationSpec): Split {
  const groups = validation.stratified ? groupByClass(labels, classes) : [Int32Array.from(labels.keys())];
  const total = Math.round(labels.length * validation.fraction);
  const heldOut = shares(
    groups.map(({ length }) => length),
    validation.fraction,
    total,
  );
  const isHeldOut = new Uint8Array(labels.length);
  const draws = new Draws();
  groups.forEach((group, index) => {
    shuffle(group, draws.at(validation.seed, splitPurpose, 0, index));
    for (const image of group.subarray(0, heldOut[index])) isHeldOut[image] = 1;
  });
  const places = Int32Array.from(labels.keys());
  return {
    train: places.filter(image => isHeldOut[image] === 0),
    validation: places.filter(image => isHeldOut[image] === 1),
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

/** How many of each group of `sizes` are taken, `total` together where that leaves one of each group. */
function shares(sizes: number[], fraction: number, total: number): number[] {
  const taken = sizes.map(size => Math.min(Math.floor(size * fraction), Math.max(size - 1, 0)));
  const byRemainder = sizes
    .map((size, group) => ({
      group,
      remainder: size * fraction - taken[group]!,
      room: size - 1 - taken[group]!,
    }))
    .filter(({ room }) => room > 0)
    .sort((a, b) => b.remainder - a.remainder || a.group - b.group);
  let rest = total - taken.reduce((sum, count) => sum + count, 0);
  for (const { group } of byRemainder) {
    if (rest-- <= 0) break;
    taken[group]!++;
  }
  return taken;
}
