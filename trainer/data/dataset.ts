import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageShape } from '../augmentation/image-buffer.js';
import type { DataSpec } from '../contract/run-spec.js';
import { type CacheOptions, decodedImages } from './cache/decoded-images.js';
import { Problems } from './data-error.js';
import { type Examples, listExamples } from './examples.js';
import { type Split, splitImages } from './split.js';

/** Labelled images, decoded, in the memory that all threads of the process share. */
export interface Dataset extends ImageShape, Split {
  /** Hash of what the data holds; see `inspectData`. */
  fingerprint: string;
  /** Names, in class order: a label is a place in it. */
  classes: readonly string[];
  /** [N, H, W, C] bytes. */
  images: Uint8Array;
  /** [N] class indices. */
  labels: Int32Array;
}

/** All but the split: what cells with different splits have in common. */
type Decoded = Omit<Dataset, keyof Split> & { trainCount: number };

/** The last one opened: the next cell of a warm process nearly always asks for it again. */
let last: { key: string; decoded: Decoded } | undefined;

/**
 * Opens a data set: lists, decodes (once a machine, see `decodedImages`) and splits it. Asking again for the same
 * data costs the split alone, as long as its files' sizes and times stay the same.
 *
 * Throws a DataError with all that is wrong; its `key` is the DataSpec's.
 */
export async function openDataset(spec: DataSpec, options: CacheOptions): Promise<Dataset> {
  const { validation, ...rest } = spec;
  const key = JSON.stringify([rest, validation.source, stamp(spec), options.cacheDir]);
  if (last?.key !== key) {
    last = undefined;
    last = { key, decoded: await open(spec, options) };
  }
  const { trainCount, ...decoded } = last.decoded;
  const split = splitOf(spec, decoded, trainCount);
  return { ...decoded, ...split };
}

async function open(spec: DataSpec, options: CacheOptions): Promise<Decoded> {
  const problems = new Problems();
  const examples = listExamples(spec, problems, options.cacheDir);
  try {
    problems.throwIfAny();
    for (const { message } of problems.list) options.log(message);
    const { fingerprint, classes, labels, trainCount } = examples!;
    const shape = shapeOf(spec, examples!);
    const images = await decodedImages(examples!, shape, spec.imageSize !== null, options);
    const shared = new Int32Array(new SharedArrayBuffer(labels.byteLength));
    shared.set(labels);
    return { fingerprint, classes, ...shape, images, labels: shared, trainCount };
  } finally {
    examples?.source.close();
  }
}

/** `imageSize`, or the size of the first image, which must be square. */
function shapeOf(spec: DataSpec, { source, images }: Examples): ImageShape {
  if (spec.imageSize !== null)
    return { height: spec.imageSize, width: spec.imageSize, channels: spec.channels };
  const problems = new Problems();
  const first = images[0]!;
  try {
    const { height, width } = source.size(first);
    if (height === width) return { height, width, channels: spec.channels };
    problems.error(
      'imageSize',
      `${source.names[first]} has ${height}×${width} pixels: a size to resize to is needed`,
    );
  } catch (error) {
    problems.error('images', `${source.names[first]}: ${(error as Error).message}`);
  }
  problems.throwIfAny();
  throw new Error('unreachable');
}

function splitOf(
  spec: DataSpec,
  { labels, classes }: { labels: Int32Array; classes: readonly string[] },
  trainCount: number,
): Split {
  const places = Int32Array.from(labels.keys());
  const split =
    spec.validation.source === 'files'
      ? { train: places.slice(0, trainCount), validation: places.slice(trainCount) }
      : splitImages(labels, classes.length, spec.validation);
  const problems = new Problems();
  checkSplit(spec, split, problems);
  problems.throwIfAny();
  return split;
}

/** Neither part may be empty. */
export function checkSplit(spec: DataSpec, { train, validation }: Split, problems: Problems): void {
  const key = spec.validation.source === 'files' ? 'validation' : 'validation.fraction';
  const total = train.length + validation.length;
  if (validation.length === 0) problems.error(key, `no image of ${total} is left for validation`);
  if (train.length === 0) problems.error(key, `no image of ${total} is left for training`);
}

/** Sizes and times of what the spec names directly. */
function stamp(spec: DataSpec): unknown[] {
  return ['.', spec.images, spec.labels, spec.validationLabels].map(name => {
    if (name === null) return null;
    const stat = statSync(join(spec.root, name), { throwIfNoEntry: false });
    return stat && [stat.size, stat.mtimeMs, stat.ino];
  });
}
