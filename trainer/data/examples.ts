import type { DataSpec } from '../contract/run-spec.js';
import { classOrder } from './classes.js';
import type { Problems } from './data-error.js';
import { fingerprintOf, fingerprintWithout } from './fingerprint.js';
import type { Listing } from './formats/format.js';
import { formats } from './formats/registry.js';
import type { ImageSource } from './sources/image-source.js';
import { nearlyEqualLabels, withNearest } from './spelling.js';

/** The labelled images that a DataSpec asks for: training ones first, then the data set's own validation ones. */
export interface Examples {
  source: ImageSource;
  fingerprint: string;
  classes: string[];
  /** Numbers of the images in the source. */
  images: Int32Array;
  /** Class indices. */
  labels: Int32Array;
  trainCount: number;
}

/**
 * Lists the images of a data set and applies `limit`; decodes nothing. What is wrong is added to `problems`; undefined
 * where nothing is left. The caller closes `source`.
 */
export function listExamples(
  spec: DataSpec,
  problems: Problems,
  cacheDir: string | undefined,
): Examples | undefined {
  const catalogue = formats[spec.format].read(spec, problems, cacheDir);
  if (!catalogue) return undefined;
  const { source, train, validation } = catalogue;
  const unreadable = new Map<number, string>();
  const fingerprint = fingerprintOf(catalogue, (image, message) => unreadable.set(image, message));
  const all = classOrder(train.labels);
  const classes = all.slice(0, spec.limit.classes ?? all.length);
  if (classes.length < 2) reportTooFewClasses(spec, all, problems);
  for (const pair of nearlyEqualLabels(all))
    problems.warning(
      keyOfLabels(spec),
      'classes that differ in their spelling alone count as different ones; spell them alike if they mean the same',
      pair,
    );
  if (validation) reportUnknownLabels(validation, all, problems);
  const indices = new Map(classes.map((name, index) => [name, index]));
  const chosen = choose(train, indices, spec.limit.imagesPerClass ?? Number.POSITIVE_INFINITY);
  const chosenValidation = validation ? choose(validation, indices, Number.POSITIVE_INFINITY) : emptyChoice;
  const images = Int32Array.from([...chosen.images, ...chosenValidation.images]);
  // Decoding tells of those that are chosen.
  if (unreadable.size > 0 && !(spec.skipBad ?? false)) {
    const isChosen = new Set(images);
    for (const [image, message] of unreadable)
      if (!isChosen.has(image))
        problems.error('images', 'images that can’t be read', `${source.names[image]}: ${message}`);
  }
  return {
    source,
    fingerprint,
    classes,
    images,
    labels: Int32Array.from([...chosen.labels, ...chosenValidation.labels]),
    trainCount: chosen.images.length,
  };
}

/** The examples without those at `places`; the fingerprint tells that they are missing. */
export function leaveOut(examples: Examples, places: readonly number[]): Examples {
  if (places.length === 0) return examples;
  const { source, fingerprint, images, labels, trainCount } = examples;
  const isLeftOut = new Set(places);
  const isKept = (_: number, place: number) => !isLeftOut.has(place);
  const names = places.map(place => source.names[images[place]!]!);
  return {
    ...examples,
    fingerprint: fingerprintWithout(fingerprint, names),
    images: images.filter(isKept),
    labels: labels.filter(isKept),
    trainCount: trainCount - places.filter(place => place < trainCount).length,
  };
}

interface Choice {
  images: number[];
  labels: number[];
}

const emptyChoice: Choice = { images: [], labels: [] };

/** Rows of known classes, at most the first `perClass` of each, in order. */
function choose(listing: Listing, indices: Map<string, number>, perClass: number): Choice {
  const counts = new Array<number>(indices.size).fill(0);
  const choice: Choice = { images: [], labels: [] };
  listing.labels.forEach((name, row) => {
    const label = indices.get(name);
    if (label === undefined || counts[label]! >= perClass) return;
    counts[label]!++;
    choice.images.push(listing.images[row]!);
    choice.labels.push(label);
  });
  return choice;
}

function reportTooFewClasses(spec: DataSpec, classes: string[], problems: Problems): void {
  if (classes.length >= 2)
    problems.error('limit.classes', `at least 2 classes are needed, got ${spec.limit.classes}`);
  else
    problems.error(
      keyOfLabels(spec),
      `at least 2 classes are needed, there is only ${classes.join() || 'none'}`,
    );
}

/** The key of the DataSpec that says where the labels of training images come from. */
const keyOfLabels = ({ format }: DataSpec) =>
  format === 'csv' ? 'labels' : format === 'folder' ? 'images' : 'root';

function reportUnknownLabels(validation: Listing, known: readonly string[], problems: Problems): void {
  const isKnown = new Set(known);
  for (const label of new Set(validation.labels))
    if (!isKnown.has(label))
      problems.error('validation', 'classes without a training image', withNearest(label, known));
}
