import type { ImageShape } from '../augmentation/image-buffer.js';
import type { DataSpec } from '../contract/run-spec.js';
import { readDecoded } from './cache/decoded-file.js';
import { type CacheOptions, decodedImages } from './cache/decoded-images.js';
import { recall, remember } from './cache/memory.js';
import { type Stamp, stampOf } from './cache/stamp.js';
import { Problems } from './data-error.js';
import { type Examples, listExamples } from './examples.js';
import { checkSplit, type Split, splitExamples } from './split.js';

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
interface Decoded extends Listed {
  images: Uint8Array;
  labels: Int32Array;
}

/** What is known of a data set besides its pixels. */
interface Listed extends ImageShape {
  fingerprint: string;
  classes: string[];
  trainCount: number;
}

/** The last one opened: the next cell of a warm process nearly always asks for it again. */
let last: { key: string; decoded: Decoded } | undefined;

/**
 * Opens a data set: lists, decodes (once a machine, see `decodedImages`) and splits it. Asking again for the same
 * data costs the split alone, as long as its files' sizes and times stay the same.
 *
 * Throws a DataError with all that is wrong; its `key` is the DataSpec's.
 */
export async function openDataset(spec: DataSpec, options: CacheOptions): Promise<Dataset> {
  const stamp = stampOf(spec);
  const key = JSON.stringify([stamp.key, options.cacheDir]);
  if (last?.key !== key) {
    // Lets go of the last images before others are loaded.
    last = undefined;
    last = { key, decoded: (stamp.isExact && reopen(stamp, options)) || (await open(spec, stamp, options)) };
  }
  const { trainCount, ...decoded } = last.decoded;
  const split = splitExamples(spec, decoded.labels, decoded.classes.length, trainCount);
  const problems = new Problems();
  checkSplit(spec, split, problems);
  problems.throwIfAny();
  return { ...decoded, ...split };
}

/** What is remembered of an opened data set. */
interface Opened extends Listed {
  labels: number[];
  imagesFile: string;
}

/** From the cache alone: neither table nor zip is read as long as they look the same. */
function reopen({ key }: Stamp, { cacheDir }: CacheOptions): Decoded | undefined {
  const opened = recall<Opened>(cacheDir, 'opened', key);
  if (!opened) return undefined;
  const { labels, imagesFile, ...listed } = opened;
  const length = labels.length * listed.height * listed.width * listed.channels;
  const images = readDecoded(imagesFile, length);
  return images && { ...listed, images, labels: Int32Array.from(labels) };
}

async function open(spec: DataSpec, stamp: Stamp, options: CacheOptions): Promise<Decoded> {
  const problems = new Problems();
  const examples = listExamples(spec, problems, options.cacheDir);
  try {
    problems.throwIfAny();
    for (const { message } of problems.list) options.log(message);
    const { fingerprint, classes, labels, trainCount } = examples!;
    const shape = shapeOf(spec, examples!);
    const { images, file } = await decodedImages(examples!, shape, spec.imageSize !== null, options);
    const listed: Listed = { fingerprint, classes, ...shape, trainCount };
    const opened: Opened = { ...listed, labels: [...labels], imagesFile: file };
    if (stamp.isExact) remember(options.cacheDir, 'opened', stamp.key, opened);
    return { ...listed, images, labels };
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
