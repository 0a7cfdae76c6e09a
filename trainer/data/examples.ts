import type { DataSpec } from '../contract/run-spec.js';
import { classOrder } from './classes.js';
import type { Problems } from './data-error.js';
import { fingerprintOf } from './fingerprint.js';
import type { Listing } from './formats/format.js';
import { formats } from './formats/registry.js';
import type { ImageSource } from './sources/image-source.js';

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
  const fingerprint = fingerprintOf(catalogue, problems);
  const all = classOrder(train.labels);
  const classes = all.slice(0, spec.limit.classes ?? all.length);
  if (classes.length < 2) reportTooFewClasses(spec, all, problems);
  if (validation) reportUnknownLabels(validation, new Set(all), problems);
  const indices = new Map(classes.map((name, index) => [name, index]));
  const chosen = choose(train, indices, spec.limit.imagesPerClass ?? Number.POSITIVE_INFINITY);
  const chosenValidation = validation ? choose(validation, indices, Number.POSITIVE_INFINITY) : emptyChoice;
  return {
    source,
    fingerprint,
    classes,
    images: Int32Array.from([...chosen.images, ...chosenValidation.images]),
    labels: Int32Array.from([...chosen.labels, ...chosenValidation.labels]),
    trainCount: chosen.images.length,
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
      spec.format === 'csv' ? 'labels' : spec.format === 'folder' ? 'images' : 'root',
      `at least 2 classes are needed, there is only ${classes.join() || 'none'}`,
    );
}

function reportUnknownLabels(validation: Listing, known: Set<string>, problems: Problems): void {
  for (const label of new Set(validation.labels))
    if (!known.has(label)) problems.error('validation', 'classes without a training image', label);
}
